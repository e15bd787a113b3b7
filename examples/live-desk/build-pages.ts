import { fileURLToPath } from 'node:url'

const pages = fileURLToPath(new URL('pages/', import.meta.url))
const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

/** Builds the three pages with Vite into `outDir`. */
export async function buildPages(outDir: string): Promise<void> {
  const { build } = await import('vite') // imported here, so that a desk with built pages starts without Vite
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
