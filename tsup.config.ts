import { defineConfig } from 'tsup'
import { writeLlmsText } from './docs/.vitepress/write-llms-text'

/** One entry per public entry point; the names are those of `exports` in package.json, which test/package.test.ts compares. */
export const entryPoints = {
  index: 'src/index.ts',
  core: 'src/core/index.ts',
  portal: 'src/portal/index.ts',
  routing: 'src/routing/index.ts',
  host: 'src/host/index.ts',
  testing: 'src/testing/index.ts',
  simulation: 'src/simulation/index.ts',
  redis: 'src/store/redis/index.ts',
  postgres: 'src/store/postgres/index.ts',
}

/** Programs, by the names of their files; `bin` in package.json leads to them. */
const programs = { cli: 'src/cli/frontbell.ts' }

export default defineConfig({
  entry: { ...entryPoints, ...programs },
  format: ['esm', 'cjs'],
  target: 'es2022',
  splitting: true,
  clean: true,
  treeshake: true,
  /** Stack traces and debuggers lead to `src`, which the package holds too; so the maps need no copy of it. */
  sourcemap: true,
  /** What is bundled, jsonc-parser, is taken as ES modules; its other build cannot be. */
  esbuildOptions: (options) => {
    options.mainFields = ['module', 'main']
    options.sourcesContent = false
  },
  onSuccess: async () => writeLlmsText(),
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
