import { describe, expect, it, vi } from 'vitest'
import { filesUnder } from '../repository-checks/source-file'
import { typeErrors } from '../repository-checks/type-errors'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const promises = filesUnder('test/types').filter(({ path }) => !path.endsWith('.test.ts'))

describe('[X19] the types', () => {
  it('compile what is allowed, and nothing that is marked as a mistake', () => {
    expect(promises.length).toBeGreaterThan(1)
    expect(typeErrors(promises)).toEqual([])
  })

  it('are rejected when a mistake compiles', () => {
    const text =
      "import { openDesk } from 'frontbell'\n// @ts-expect-error nothing is wrong here\nawait openDesk({})\nexport {}"
    expect(typeErrors([{ path: 'test/types/mistake.ts', text }])).toEqual([
      "test/types/mistake.ts:2: Unused '@ts-expect-error' directive.",
    ])
  })
})
