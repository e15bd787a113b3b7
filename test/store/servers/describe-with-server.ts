import { describe } from 'vitest'

/**
 * Returns `describe` for tests that need a server. They are skipped, with a line that says what to install, when its
 * binary is missing, and fail when `FRONTBELL_REQUIRE` (as in `redis,postgres`) names it.
 */
export function describeWithServer(server: 'redis' | 'postgres', binary: string | null, install: string) {
  if (binary !== null) return describe
  if ((process.env.FRONTBELL_REQUIRE ?? '').split(',').includes(server)) {
    throw new Error(`FRONTBELL_REQUIRE names ${server}, which is not installed: ${install}`)
  }
  console.warn(`${server} is not installed, its tests are skipped: ${install}`)
  return describe.skip
}
