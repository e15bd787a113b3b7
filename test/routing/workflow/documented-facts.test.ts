import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Target } from '../../../src/core'
import { createRouter } from '../../../src/routing'
import { type DeskFacts, deskFactNames } from '../../../src/routing/workflow/vocabulary'
import { root } from '../../repository-checks/source-file'
import { workflowToTeam } from '../test-router'

const page = readFileSync(`${root}docs/reference/facts.md`, 'utf8')
const rows = page
  .split('\n')
  .map((line) => /^\| `(\w+)` .*\| `(\{.*\})` \|$/.exec(line))
  .flatMap((match) => (match === null ? [] : [{ name: match[1], example: JSON.parse(match[2] ?? '') as object }]))

const serverTeam = (count: number) => (target: Target) =>
  JSON.stringify(target) === JSON.stringify({ team: 'server' }) ? count : 0
const desk: DeskFacts = {
  visitor: () => ({ plan: 'gold' }),
  available: serverTeam(2),
  waiting: serverTeam(7),
  lastStaff: () => 'ana',
}
const idle: DeskFacts = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
const halfPastTen = Date.UTC(2026, 10, 23, 10, 30)

describe('the page of facts', () => {
  it('[W29] shows each fact of the desk once, in a condition that asks for it', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...deskFactNames].sort())
    for (const { name, example } of rows) expect(example).toMatchObject({ fact: name })
  })

  it('[W29] has conditions that hold on the desk it tells of, and not on an idle one in the afternoon', async () => {
    for (const { name = '', example } of rows) {
      const routed = async (facts: DeskFacts, now: number, openedAt: number) => {
        const router = createRouter({
          workflows: [workflowToTeam('w', { all: [example] })],
          desk: facts,
          clock: { now: () => now },
          onDegraded: () => {},
        })
        const { routingResult } = await router.route({ visitorId: 'v1', facts: {}, weight: 2, openedAt })
        return routingResult.workflow
      }
      expect(await routed(desk, halfPastTen, halfPastTen - 90_000), name).toBe('w')
      const afternoon = halfPastTen + 5 * 3_600_000
      expect(await routed(idle, afternoon, afternoon), name).toBe(null)
    }
  })
})
