import { defineConfig } from 'vitest/config'

/**
 * What `npm run check:mutation` runs for every fault: the tests of the core and of the desk, which asks it everything,
 * with few and always the same random sequences.
 */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/desk/*.test.ts'],
    exclude: ['test/desk/slow-log.test.ts', 'test/desk/history.test.ts'],
    env: { FRONTBELL_RUNS: '8', FRONTBELL_SEED: '1', FRONTBELL_SHRINK: 'no' },
    testTimeout: 60_000,
  },
})
