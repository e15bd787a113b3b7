import { fileURLToPath } from 'node:url'

const pages = fileURLToPath(new URL('pages/', import.meta.url))
const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

/** Builds the three pages with Vite into `outDir`. */
export async function buildPages(outDir: string): Promise<void> {
  const { build } = await import('vite') // only here: a desk whose pages are built starts without it
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
