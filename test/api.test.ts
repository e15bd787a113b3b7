import { describe, expect, it } from 'vitest'
import { doors } from '../tsup.config'
import { apiReports } from './repository-checks/api-report'
import { root } from './repository-checks/source-file'

const reports = apiReports(doors)

describe('[X21] the public surface', () => {
  it.each(Object.keys(doors))('of %s is as recorded; `npm run api` records a change', async (door) => {
    expect(reports[door]).toMatch(/\w+: /)
    await expect(reports[door]).toMatchFileSnapshot(`${root}docs/api/${door}.txt`)
  })
})
