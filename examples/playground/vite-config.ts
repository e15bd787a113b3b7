import { fileURLToPath } from 'node:url'

const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

/** Builds the page from the library's sources, with relative paths, so that it can be served from any folder. */
export const playgroundConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  configFile: false as const,
  logLevel: 'warn' as const,
  resolve: { alias: [{ find: /^frontbell$/, replacement: source('index.ts') }] },
}
