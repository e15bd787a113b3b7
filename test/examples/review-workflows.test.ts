import { type Desk, manualClock, openDesk } from 'frontbell'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RecentRequest } from '../../examples/live-desk/recent-requests'
import { reviewWorkflows } from '../../examples/live-desk/supervisor/review-workflows'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const staff = [
  { id: 'ana', teams: ['servers'] },
  { id: 'cy', teams: ['billing'] },
]
const to = (topic: string, team: string, name = `${topic} to ${team}`) => ({
  name,
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: topic }] },
  event: { type: 'route', params: { to: { team } } },
})
const recentRequest = (requestId: string, topic: string, isRecorded = false): RecentRequest => {
  return { requestId, visitorId: requestId, at: 1, facts: { topic, name: 'Maya' }, isRecorded }
}
const recent = [recentRequest('d1', 'billing', true), recentRequest('r1', 'server'), recentRequest('r2', 'other')]

describe('the review of workflows', () => {
  let desk: Desk
  const review = (input: unknown) => reviewWorkflows(input, { desk, staff, shifts: [], recent })

  beforeEach(async () => {
    desk = await openDesk({ staff, workflows: [to('server', 'servers')], clock: manualClock(0) })
  })

  it('has every problem with its path, and no dry run', async () => {
    const { problems, runs, recordedCount } = await review([
      { name: '', conditions: { all: [] }, event: { type: 'x' } },
    ])
    expect(problems.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['0.name', '0.conditions.all', '0.event.type']),
    )
    expect(problems.every(({ message }) => /^expected .+, got .+/.test(message))).toBe(true)
    expect({ runs, recordedCount }).toEqual({ runs: [], recordedCount: 1 })
  })

  it('has a problem for a value that is not a list', async () => {
    expect((await review('nothing')).problems).toHaveLength(1)
  })

  it('warns of a target that matches no staff member, with its path', async () => {
    const { problems, warnings } = await review([to('server', 'servers'), to('spare', 'nobody')])
    expect(problems).toEqual([])
    expect(warnings.map(({ path }) => path.slice(0, 3))).toEqual([[1, 'event', 'params']])
    expect(warnings[0]?.message).toContain('nobody')
  })

  it('contains the findings of the linter', async () => {
    const { findings } = await review([to('server', 'servers'), to('server', 'billing', 'Too late')])
    expect(findings.map(({ workflow }) => workflow)).toContain('Too late')
  })

  it('routes the last requests by both lists, and marks those whose route changes', async () => {
    const { runs } = await review([to('server', 'servers'), to('billing', 'billing')])
    expect(
      runs.map(({ requestId, before, after, isChanged }) => [requestId, before.workflow, after.workflow, isChanged]),
    ).toEqual([
      ['d1', null, 'billing to billing', true],
      ['r1', 'server to servers', 'server to servers', false],
      ['r2', null, null, false],
    ])
    expect(runs[0]?.facts).toEqual({ topic: 'billing', name: 'Maya' })
  })

  it('counts available staff and waiting requests like the desk, and does not change it', async () => {
    await desk.connect('ana', 'tab-1')
    await desk.requestChat({ requestId: 'open', visitorId: 'v1', facts: { topic: 'server' } })
    const { version } = desk
    const whenPresent = {
      ...to('other', 'billing', 'While the server team is present'),
      conditions: {
        all: [
          { fact: 'available', params: { target: { team: 'servers' } }, operator: 'equal', value: 1 },
          { fact: 'waiting', params: { target: 'everyone' }, operator: 'greaterThanInclusive', value: 0 },
        ],
      },
    }
    const { problems, runs } = await review([whenPresent])
    expect(problems).toEqual([])
    expect(runs.map(({ after }) => after.workflow)).toEqual(Array(3).fill('While the server team is present'))
    expect(desk.version).toBe(version)
    expect(desk.ringing('ana')).toEqual(['open'])
  })
})
