import { describe, expect, it, vi } from 'vitest'
import { type Desk, manualClock, memoryStore, openDesk, type RulesOptions } from '../../../src'
import { openTestNode, storeWithSystemTime } from '../cluster/test-node'
import { openTestDesk } from '../test-desk'

type Change = (desk: Desk, options?: RulesOptions) => Promise<unknown>

/** Each changes the rules of a desk that has the workflow `first`. */
const changes: readonly (readonly [string, Change])[] = [
  ['setWorkflows', (desk, options) => desk.setWorkflows([workflow('all')], options)],
  ['setWorkflow', (desk, options) => desk.setWorkflow(workflow('one'), options)],
  ['removeWorkflow', (desk, options) => desk.removeWorkflow('first', options)],
  ['setShifts', (desk, options) => desk.setShifts([{ id: 'day', timeZone: 'UTC', weekly: [] }], options)],
]
const eventTypes = ['workflows.set', 'workflow.set', 'workflow.removed', 'shifts.set'] as const

describe('the revision of the rules', () => {
  it.each(changes)('[D78] grows by one with %s, and a change that knows another one is refused', async (_, change) => {
    const { desk } = await openTestDesk({ workflows: [workflow('first')] })
    const before = desk.revision
    expect(await change(desk, { ifRevision: before })).toEqual({ ok: true, revision: before + 1 })
    expect(desk.revision).toBe(before + 1)
    await desk.setWorkflow(workflow('first'))
    const { version, revision, workflows, shifts } = desk
    const refusal = {
      ok: false,
      code: 'conflict',
      revision,
      message: expect.stringContaining(`revision is ${revision}`),
    }
    expect(await change(desk, { ifRevision: before })).toEqual(refusal)
    expect(await change(desk, { ifRevision: revision + 1, reroute: true })).toEqual(refusal)
    expect([desk.version, desk.revision, desk.workflows, desk.shifts]).toEqual([version, revision, workflows, shifts])
  })

  it('[D78] stays where nothing changes, and for the policy and the roster', async () => {
    const { desk } = await openTestDesk({ workflows: [workflow('first')] })
    const { revision } = desk
    expect(await desk.setWorkflows([workflow('first')], { ifRevision: revision })).toEqual({ ok: true, revision })
    await desk.setPolicy({ wrapUpMs: 5 })
    await desk.setRoster([{ id: 'ana' }])
    expect(desk.revision).toBe(revision)
  })

  it('[D78] says conflict rather than what else is wrong with a change of old rules', async () => {
    const { desk } = await openTestDesk({ workflows: [workflow('first')] })
    await desk.removeWorkflow('first')
    expect(await desk.removeWorkflow('first', { ifRevision: 1 })).toMatchObject({ code: 'conflict', revision: 2 })
    expect(await desk.removeWorkflow('first')).toMatchObject({ code: 'unknown-workflow' })
  })

  it('[D78] lets one of two editors at two nodes save, and the other one knows the revision to read', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    await one.desk.setWorkflows([workflow('first')])
    await two.desk.sync()
    const ifRevision = one.desk.revision
    expect(two.desk.revision).toBe(ifRevision)
    const saved = await Promise.all([
      one.desk.setWorkflows([workflow('of-one')], { ifRevision }),
      two.desk.setWorkflows([workflow('of-two')], { ifRevision }),
    ])
    expect(saved.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(saved.find(({ ok }) => !ok)).toMatchObject({ code: 'conflict', revision: ifRevision + 1 })
    await vi.waitFor(() => expect(one.desk.workflows).toEqual(two.desk.workflows))
    expect([one.desk.revision, two.desk.revision]).toEqual([ifRevision + 1, ifRevision + 1])
  })

  it('[D78] is the same after a restart and from a snapshot', async () => {
    const store = memoryStore()
    const desk = await openDesk({ store, clock: manualClock(), workflows: [workflow('first')] })
    await desk.setShifts([{ id: 'day', timeZone: 'UTC', weekly: [] }])
    const { revision } = desk
    expect(revision).toBe(2)
    const snapshot = JSON.parse(JSON.stringify(desk.snapshot()))
    expect((await openDesk({ store, clock: manualClock() })).revision).toBe(revision)
    expect((await openDesk({ snapshot, clock: manualClock() })).revision).toBe(revision)
  })

  it('[D79] names in its event who made the change', async () => {
    const { desk } = await openTestDesk({ workflows: [workflow('first')] })
    const named: unknown[] = []
    for (const type of eventTypes) desk.on(type, (event) => named.push([event.type, event.by]))
    for (const [, change] of changes) await change(desk, { by: 'sue' }).then(() => desk.setWorkflow(workflow('first')))
    expect(named).toEqual([
      ['workflows.set', 'sue'],
      ['workflow.set', null],
      ['workflow.set', 'sue'],
      ['workflow.removed', 'sue'],
      ['workflow.set', null],
      ['shifts.set', 'sue'],
    ])
  })
})

function workflow(name: string) {
  const conditions = { all: [{ fact: 'topic', operator: 'equal', value: name }] }
  return { name, conditions, event: { type: 'route', params: { to: 'everyone' } } }
}
