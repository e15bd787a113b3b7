import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Bytes of a entry point as a browser would get it: bundled, minified and gzipped. */
export interface BundleSize {
  /** With everything it brings. */
  readonly whole: number
  /** Without its packages. */
  readonly own: number
  /** The bundle with everything it brings. */
  readonly code: string
}

/**
 * Measures what `import * as entry point from '<specifier>'` costs a page; `folder` is where the package is installed.
 */
export async function bundleSize(folder: string, specifier: string): Promise<BundleSize> {
  const [whole, own] = await Promise.all([bundled(folder, specifier, 'bundle'), bundled(folder, specifier, 'external')])
  const gzippedBytes = (code: Uint8Array) => gzipSync(code, { level: 9 }).length
  return { whole: gzippedBytes(whole), own: gzippedBytes(own), code: new TextDecoder().decode(whole) }
}

async function bundled(folder: string, specifier: string, packages: 'bundle' | 'external'): Promise<Uint8Array> {
  const file =
    packages === 'bundle' ? specifier : `./node_modules/frontbell/dist/${specifier.split('/')[1] ?? 'index'}.js`
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${file}'`, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    packages,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}
