import { fileURLToPath } from 'node:url'

const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

/** The page on the library's own sources; relative, so that it can lie in any folder of any site. */
export const playgroundConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  configFile: false as const,
  logLevel: 'warn' as const,
  resolve: { alias: [{ find: /^frontbell$/, replacement: source('index.ts') }] },
}
