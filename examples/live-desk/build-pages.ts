import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const pages = fileURLToPath(new URL('pages/', import.meta.url))
const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

/** Builds the three pages with Vite into `outDir`. */
export async function buildPages(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: pages,
    logLevel: 'warn',
    resolve: { alias: [{ find: /^frontbell\/(.+)$/, replacement: source('$1/index.ts') }] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      rollupOptions: { input: ['index', 'staff', 'supervisor'].map((name) => `${pages}${name}.html`) },
      chunkSizeWarningLimit: 800,
    },
  })
}
