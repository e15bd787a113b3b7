import { describe, expect, it, vi } from 'vitest'
import { entryPoints } from '../tsup.config'
import { apiReports } from './repository-checks/api-report'
import { root } from './repository-checks/source-file'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const reports = apiReports(entryPoints)

describe('[X21] the public surface', () => {
  it.each(Object.keys(entryPoints))('of %s is as recorded; `npm run api` records a change', async (entryPoint) => {
    expect(reports[entryPoint]).toMatch(/\w+: /)
    await expect(reports[entryPoint]).toMatchFileSnapshot(`${root}docs/api/${entryPoint}.txt`)
  })
})
