import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Desk, memoryStore } from '../../../src'
import { campaignOf, fastCheckOptions } from '../../campaign'
import { asynchronousStore } from '../cluster/asynchronous-store'
import { finish, goldTo, openSlowDesk, policy, settle } from '../slow-desk'
import { openStaffedDesk } from '../test-desk'

const size = campaignOf({ few: 15, many: 500, budgetMs: 30_000, override: 'FRONTBELL_RUNS' })

describe.each([
  ['in this process', () => memoryStore()],
  ['behind a network', () => asynchronousStore(memoryStore())],
])('the commands of one visitor, on a store %s', (_, makeStore) => {
  it('[D84] a visitor who asks and leaves at once has left', async () => {
    const { desk, fact, edges } = await openSlowDesk({ store: makeStore() })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const left = desk.visitorLeft('v1')
    await settle()
    expect(desk.request('r1')).toBeUndefined()
    await finish(desk, fact)
    expect([await asked, await left]).toMatchObject([{ ok: true }, { ok: true }])
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (visitor-away)'])
    expect(desk.ringing('ana')).toEqual([])
  })

  it('[D84] a request that is cancelled at once is cancelled', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const cancelled = desk.cancel('r1')
    await finish(desk, fact)
    expect([await asked, await cancelled]).toMatchObject([{ ok: true, duplicate: false }, { ok: true }])
    expect(desk.request('r1')).toBeUndefined()
    expect(await desk.accept('r1', 'ana')).toMatchObject({ code: 'request-closed', outcome: 'cancelled' })
  })

  it('[D84] facts that are given at once are merged into the request, and route it anew', async () => {
    const conditions = { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] }
    const workflows = [{ ...goldTo('bo'), name: 'Server', conditions, priority: 1 }, goldTo('ana')]
    const { desk, fact, edges } = await openSlowDesk({ store: makeStore(), workflows })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const updated = desk.updateFacts('r1', { topic: 'server' }, { reroute: true })
    await finish(desk, fact)
    expect([await asked, await updated]).toMatchObject([{ ok: true }, { ok: true }])
    expect(desk.request('r1')).toMatchObject({ workflow: 'Server', facts: { topic: 'server' } })
    expect(edges).toEqual(['ring r1 → ana', 'stop r1 → ana (rerouted)', 'ring r1 → bo'])
  })

  it('[D84] a second request gets the first one back', async () => {
    const { desk, fact, edges } = await openSlowDesk({ store: makeStore() })
    const answers = ['r1', 'r2'].map((requestId) => desk.requestChat({ requestId, visitorId: 'v1' }))
    await finish(desk, fact)
    expect(await Promise.all(answers)).toMatchObject([
      { requestId: 'r1', duplicate: false },
      { requestId: 'r1', duplicate: true },
    ])
    expect(edges).toEqual(['ring r1 → ana'])
  })

  it('[D84] what a visitor brings is known to the workflows of the request after it', async () => {
    const vip = {
      name: 'VIP',
      conditions: { all: [{ fact: 'visitor', path: '$.facts.plan', operator: 'equal', value: 'gold' }] },
      event: { type: 'route', params: { to: { staff: 'ana' } } },
    }
    const { desk } = await openStaffedDesk(['ana', 'bo'], { workflows: [vip], store: makeStore(), policy })
    const ask = (requestId: string, visitorId: string) =>
      Promise.all([
        desk.visitorArrived({ visitorId, facts: { plan: 'gold' } }),
        desk.requestChat({ requestId, visitorId }),
      ])
    await ask('r1', 'v1')
    expect(desk.request('r1')?.workflow).toBe('VIP')
    desk.on('request.closed', () => ask('r2', 'v2'))
    await desk.cancel('r1')
    await desk.idle()
    expect(desk.request('r2')?.workflow).toBe('VIP')
  })

  it('[D84] every command about a request waits until it is open, and no other command waits', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const assigned = desk.assign('r1', 'bo', { by: 'boss' })
    expect(await desk.visitorArrived({ visitorId: 'v2' })).toEqual({ ok: true })
    expect(await desk.setAvailability('ana', 'away')).toEqual({ ok: true })
    const updated = desk.updateFacts('r1', { plan: 'gold' }, { reroute: true })
    await finish(desk, fact)
    expect([await asked, await assigned, await updated]).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
    expect(desk.request('r1')?.assignment?.staffId).toBe('bo')
  })

  it('[D84] a staff member accepts while a request of the same visitor is routed anew', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore(), workflows: [] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.setWorkflows([goldTo('ana')])
    const rerouted = desk.reroute('r1')
    const asked = desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await settle()
    expect(fact.pending).toBe(2)
    expect(await desk.accept('r1', 'bo')).toMatchObject({ ok: true })
    await finish(desk, fact)
    expect([await asked, await rerouted]).toMatchObject([{ ok: true }, { ok: false, code: 'taken', by: 'bo' }])
  })

  it('[D84] a command about a request waits also while that request waits for an earlier one', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore(), policy: { ...policy, requestsPerVisitorMax: 2 } })
    const asked = ['r1', 'r2'].map((requestId) => desk.requestChat({ requestId, visitorId: 'v1' }))
    const assigned = desk.assign('r2', 'bo', { by: 'boss' })
    await finish(desk, fact)
    expect(await Promise.all([...asked, assigned])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
    expect(desk.request('r2')?.assignment?.staffId).toBe('bo')
  })

  it('[D84] no staff member waits for the visitor of a request that is open', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await finish(desk, fact)
    expect(await asked).toMatchObject({ ok: true })
    await desk.setWorkflows([goldTo('bo')])
    const rerouted = desk.reroute('r1')
    void desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await settle()
    expect(fact.pending).toBe(2)
    expect(await desk.accept('r1', 'ana')).toMatchObject({ ok: true })
    await finish(desk, fact)
    expect(await rerouted).toMatchObject({ code: 'taken' })
  })

  it('[D85] a request that is being routed while the workflows change is routed by the new ones', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await settle()
    const changed = desk.setWorkflows([goldTo('bo')], { reroute: true })
    await settle()
    await finish(desk, fact)
    expect([await asked, await changed]).toMatchObject([
      { ok: true, duplicate: false },
      { ok: true, rerouted: 0 },
    ])
    expect(desk.request('r1')?.workflow).toBe('Gold')
    expect(desk.ringing('bo')).toEqual(['r1'])
    expect(fact.asked).toBe(2)
  })

  it('[D85] a request that is asked for right after new workflows is routed by these', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { store: makeStore(), policy })
    const facts = { plan: 'gold' }
    const commands = [desk.setWorkflow(goldTo('bo')), desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })]
    await Promise.all(commands)
    expect([desk.ringing('ana'), desk.ringing('bo')]).toEqual([[], ['r1']])
  })

  it('[D84] a request that is cancelled at once is cancelled, also while the workflows change', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { store: makeStore(), policy })
    const facts = { plan: 'gold' }
    const commands = [
      desk.setWorkflow(goldTo('bo')),
      desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts }),
      desk.cancel('r1'),
    ]
    expect(await Promise.all(commands)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
    expect(desk.request('r1')).toBeUndefined()
  })

  it('[D85] workflows that change again and again hold no request up', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    let isOpen = false
    void desk.requestChat({ requestId: 'r1', visitorId: 'v1' }).then(() => {
      isOpen = true
    })
    for (let change = 0; change < 30 && !isOpen; change += 1) {
      await settle()
      await desk.setWorkflow({ ...goldTo('bo'), priority: 1 + change })
      fact.answer()
      await settle()
    }
    expect(isOpen).toBe(true)
    expect(fact.asked).toBe(8)
  })

  it('[D29, D84] commands that wait for a fact are answered before the desk is closed', async () => {
    const { desk, fact } = await openSlowDesk({ store: makeStore() })
    const commands = [desk.requestChat({ requestId: 'r1', visitorId: 'v1' }), desk.cancel('r1')]
    const closing = desk.close()
    expect(await desk.visitorLeft('v1')).toMatchObject({ code: 'unavailable', reason: 'closed' })
    await finish(desk, fact)
    expect(await Promise.all(commands)).toMatchObject([{ ok: true }, { ok: true }])
    await closing
  })

  it(
    '[D84] leave the state that they leave one after another, whenever the facts answer',
    async () => {
      type Step = 'ask' | 'leave' | 'cancel' | 'arrive' | 'facts'
      const anyStep = fc.constantFrom<Step>('ask', 'leave', 'cancel', 'arrive', 'facts')
      const give = (desk: Desk, step: Step, index: number) => {
        if (step === 'ask') return desk.requestChat({ requestId: `r${index}`, visitorId: 'v1' })
        if (step === 'leave') return desk.visitorLeft('v1')
        if (step === 'cancel') return desk.cancel('r0')
        if (step === 'arrive') return desk.visitorArrived({ visitorId: 'v1' })
        return desk.updateFacts('r0', { [`f${index}`]: index }, { reroute: true })
      }
      const stateOf = (desk: Desk) => [
        ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'].map((requestId) => desk.request(requestId)),
        desk.awaiting(),
      ]
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyStep, { minLength: 1, maxLength: 6 }),
          fc.array(fc.nat(3), { maxLength: 12 }),
          async (steps, order) => {
            const [slow, plain] = [await openSlowDesk({ store: makeStore() }), await openSlowDesk()]
            const given = steps.map((step, index) => give(slow.desk, step, index))
            for (const index of order) {
              slow.fact.answer(index)
              await settle()
            }
            await finish(slow.desk, slow.fact)
            for (const [index, step] of steps.entries()) {
              const outcome = give(plain.desk, step, index)
              await finish(plain.desk, plain.fact)
              expect(await given[index]).toEqual(await outcome)
            }
            expect(stateOf(slow.desk)).toEqual(stateOf(plain.desk))
          },
        ),
        fastCheckOptions(size),
      )
    },
    size.timeout,
  )
})

describe('facts that become known at another desk while workflows are evaluated', () => {
  it('[D85] are those that the request is routed by', async () => {
    const store = memoryStore()
    const conditions = { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] }
    const workflows = [{ ...goldTo('bo'), name: 'Server', conditions, priority: 1 }, goldTo('ana')]
    const { desk, fact } = await openSlowDesk({ store, workflows: [] })
    const { desk: other } = await openStaffedDesk([], { store })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.setWorkflows(workflows)
    const rerouted = desk.reroute('r1')
    await settle()
    expect(fact.pending).toBe(1)
    await other.sync()
    expect(await other.updateFacts('r1', { topic: 'server' })).toEqual({ ok: true })
    await finish(desk, fact)
    expect(await rerouted).toEqual({ ok: true })
    expect(desk.request('r1')).toMatchObject({ workflow: 'Server', facts: { topic: 'server' } })
    expect(desk.ringing('ana')).toEqual([])
  })
})
