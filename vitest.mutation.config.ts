import { defineConfig } from 'vitest/config'

/** What `npm run check:mutation` runs for every fault: the core's own tests, with few and always the same sequences. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    env: { FRONTBELL_RUNS: '10', FRONTBELL_SEED: '1' },
    testTimeout: 60_000,
  },
})
