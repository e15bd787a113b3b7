import { defineConfig } from 'tsup'

/** One entry per public door; the names are those of `exports` in package.json, which test/package.test.ts compares. */
const entry = {
  index: 'src/index.ts',
  core: 'src/core/index.ts',
  portal: 'src/portal/index.ts',
  routing: 'src/routing/index.ts',
  host: 'src/host/index.ts',
  testing: 'src/testing/index.ts',
  simulation: 'src/simulation/index.ts',
  redis: 'src/log/redis/index.ts',
  postgres: 'src/log/postgres/index.ts',
}

export default defineConfig({
  entry,
  format: ['esm', 'cjs'],
  target: 'es2022',
  splitting: true,
  clean: true,
  treeshake: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
