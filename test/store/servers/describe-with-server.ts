import { describe } from 'vitest'

/**
 * Tests that need an engine: run when it is there, skipped with a line that says what to install when it is not, and
 * failing when `FRONTBELL_REQUIRE` (as in `redis,postgres`) names it.
 */
export function describeWithServer(engine: 'redis' | 'postgres', binary: string | null, install: string) {
  if (binary !== null) return describe
  if ((process.env.FRONTBELL_REQUIRE ?? '').split(',').includes(engine)) {
    throw new Error(`FRONTBELL_REQUIRE names ${engine}, which is not installed: ${install}`)
  }
  console.warn(`${engine} is not installed, its tests are skipped: ${install}`)
  return describe.skip
}
