import { describe, expect, it } from 'vitest'
import type { Desk } from '../../src'
import { goldTo, openSlowDesk, settle } from './slow-desk'
import { openStaffedDesk, openTestDesk } from './test-desk'

const conditions = { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] }
const route = (name: string, params: object) => ({ name, conditions, event: { type: 'route', params } })
const tag = { name: 'Tagged', conditions, event: { type: 'tag', params: { tags: ['server'] } } }
const day = { id: 'day', timeZone: 'UTC', weekly: [] }

/** The paths of the warnings of an outcome; `undefined` where it has no such key. */
async function warnedPaths(outcome: Promise<unknown>): Promise<string[] | undefined> {
  const { warnings } = (await outcome) as { warnings?: { path: readonly unknown[] }[] }
  return warnings?.map(({ path }) => path.join('.'))
}

describe('targets that no known staff member satisfies', () => {
  it('[D58] are named by each of their paths, among many workflows', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const steps = [{ to: { staff: 'ana' } }, { to: { staff: 'eve' } }, { to: { team: 'servers' } }]
    const workflows = [tag, route('To Ana', { to: { staff: 'ana' } }), route('To others', { steps })]
    expect(await warnedPaths(desk.setWorkflows(workflows))).toEqual([
      'workflows.2.event.params.steps.1.to',
      'workflows.2.event.params.steps.2.to',
    ])
    expect(await warnedPaths(desk.setWorkflow(route('To Eve', { to: { staff: 'eve' } })))).toEqual([
      'workflow.event.params.to',
    ])
    expect(await warnedPaths(desk.setWorkflow(tag))).toBeUndefined()
    expect(await warnedPaths(desk.removeWorkflow('Tagged'))).toBeUndefined()
  })

  it('[D58] are found anew by new shifts, which the warnings already know', async () => {
    const { desk } = await openTestDesk({ staff: [{ id: 'ana', shifts: ['day'] }], shifts: [day] })
    expect(await warnedPaths(desk.setWorkflows([route('By day', { to: { shift: 'day' } })]))).toBeUndefined()
    expect(await warnedPaths(desk.setShifts([day, { ...day, id: 'night' }]))).toBeUndefined()
    expect(await warnedPaths(desk.setShifts([]))).toEqual(['workflows.0.event.params.to.shift'])
    expect(await warnedPaths(desk.setShifts([day]))).toBeUndefined()
  })

  it('[D58] are a thousand at most', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const workflows = Array.from({ length: 1_002 }, (_, index) => route(`To ${index}`, { to: { staff: `x${index}` } }))
    const paths = await warnedPaths(desk.setWorkflows(workflows))
    expect(paths).toHaveLength(1_000)
    expect(paths?.at(-1)).toBe('workflows.999.event.params.to')
  })

  it('[D58] are looked for in a hundred thousand pairs of a target and a staff member at most', async () => {
    const staff = Array.from({ length: 200 }, (_, index) => ({ id: `s${index}` }))
    const { desk } = await openTestDesk({ staff })
    const toStaff = (index: number) => route(`To ${index}`, { to: { staff: 's0' }, tone: `tone ${index}` })
    const workflows = Array.from({ length: 502 }, (_, index) => toStaff(index))
    for (const index of [500, 501]) workflows[index] = route(`To ${index}`, { to: { staff: `nobody ${index}` } })
    expect(await warnedPaths(desk.setWorkflows(workflows))).toEqual(['workflows.500.event.params.to'])
  })

  it('[K14] of a transfer are named alone, and else that nobody could take it now', async () => {
    const { desk } = await openStaffedDesk(['ana'], { staff: [{ id: 'ana' }, { id: 'bo', teams: ['billing'] }] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana')
    expect(await warnedPaths(desk.transfer('r1', { by: 'ana', to: { team: 'servers' } }))).toEqual(['to'])
    const steps = [{ to: 'everyone' as const }, { to: { team: 'servers' } }]
    expect(await warnedPaths(desk.transfer('r1', { by: 'ana', to: { steps } }))).toEqual(['to.steps.1.to'])
    expect(await desk.transfer('r1', { by: 'ana', to: { team: 'billing' } })).toEqual({
      ok: true,
      warnings: [
        {
          path: ['to'],
          message: 'nobody of this target could take it now: all are absent, away, off shift or full',
        },
      ],
    })
  })
})

describe('the number of requests that were routed anew', () => {
  const reroute = (desk: Desk) => desk.setWorkflows([route('To Bo', { to: { staff: 'bo' } })], { reroute: true })

  it('[D65] counts the open ones, and is absent unless asked for', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    for (const id of ['1', '2', '3']) await desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}` })
    await desk.accept('r2', 'ana')
    expect(await reroute(desk)).toEqual({ ok: true, revision: 1, rerouted: 2 })
    expect(await desk.setWorkflows([])).toEqual({ ok: true, revision: 2 })
    expect(await desk.setWorkflows([], { reroute: false })).toEqual({ ok: true, revision: 2 })
  })

  it('[D65] does not count one that was closed meanwhile', async () => {
    const { desk, fact } = await openSlowDesk({ workflows: [] })
    for (const id of ['1', '2']) await desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}` })
    const outcome = desk.setWorkflows([goldTo('bo')], { reroute: true })
    await settle()
    expect(fact.pending).toBe(2)
    await desk.setRoster([{ id: 'bo' }])
    await desk.execute({ type: 'assign', requestId: 'r1', staffId: 'bo', by: 'sue' })
    await desk.end('r1')
    while (fact.pending > 0) fact.answer()
    expect(await outcome).toEqual({ ok: true, revision: 1, rerouted: 1 })
    expect(desk.ringing('bo')).toEqual(['r2'])
  })
})
