import { defineConfig } from 'tsup'

/** One entry per public door; the names are those of `exports` in package.json. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    core: 'src/core/index.ts',
    portal: 'src/portal/index.ts',
    routing: 'src/routing/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  splitting: true,
  clean: true,
  treeshake: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
