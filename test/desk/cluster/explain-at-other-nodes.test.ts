import { describe, expect, it, vi } from 'vitest'
import type { DeskOptions } from '../../../src'
import { memoryStore } from '../../../src'
import { explained, toAna } from '../explained'
import { openTestDesk } from '../test-desk'
import { openTestNode, storeWithSystemTime, type TestNode } from './test-node'

const facts = { topic: 'server' }

async function openTwoNodes(options: DeskOptions = {}): Promise<readonly [TestNode, TestNode]> {
  const store = storeWithSystemTime()
  return [await openTestNode('one', store, options), await openTestNode('two', store, options)]
}

describe('a node that did not route a request', () => {
  it('[ND35] explains it as the node that did, after a reroute and a transfer too', async () => {
    const [one, two] = await openTwoNodes({ workflows: [toAna] })
    const isSame = async (requestId: string) => {
      await two.desk.sync()
      expect(explained(two.desk, requestId)).toEqual(explained(one.desk, requestId))
      return two.desk.explain(requestId)
    }
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })
    const first = await isSame('r1')
    expect(first?.trace?.evaluated).toMatchObject([
      {
        workflow: 'To Ana',
        isMatch: true,
        conditions: { parts: [{ fact: 'topic', actual: 'server', matched: true }] },
      },
    ])
    expect(first?.trace?.cost.microseconds).toBeNull()
    await one.desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'invoice' } })
    expect((await isSame('r2'))?.trace).toMatchObject({ workflow: null, evaluated: [] })
    await one.desk.updateFacts('r2', facts, { reroute: true })
    expect((await isSame('r2'))?.trace).toMatchObject({ workflow: 'To Ana' })
    await one.desk.transfer('r1', { by: 'ana', to: { staff: 'bo' } })
    expect(await isSame('r1')).toMatchObject({ transferredBy: 'ana', workflow: null, trace: null })
  })

  it('[ND35] explains requests of one entry each by its own workflows, and those of a desk without workflows', async () => {
    const [one, two] = await openTwoNodes()
    await one.desk.requestChat({ requestId: 'r0', visitorId: 'v0', facts })
    await one.desk.setWorkflows([toAna])
    const topics = ['invoice', 'server', 'invoice', 'server']
    await Promise.all(
      topics.map((topic, n) =>
        one.desk.requestChat({ requestId: `r${n + 1}`, visitorId: `v${n + 1}`, facts: { topic } }),
      ),
    )
    await two.desk.sync()
    for (const n of [0, 1, 2, 3, 4]) expect(explained(two.desk, `r${n}`)).toEqual(explained(one.desk, `r${n}`))
    expect(two.desk.explain('r2')?.trace?.workflow).toBe('To Ana')
  })

  it('[ND35] explains from the entries when it opens later, and knows no more than 4 KiB of conditions', async () => {
    const store = storeWithSystemTime()
    const isTopic = { fact: 'topic', operator: 'notEqual', value: 'x'.repeat(900) }
    const many = Array.from({ length: 30 }, (_, n) => ({ ...toAna, name: `w${n}`, conditions: { all: [isTopic] } }))
    const one = await openTestNode('one', store, { workflows: many })
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })
    const two = await openTestNode('two', store)
    const trace = two.desk.explain('r1')?.trace
    expect(trace?.evaluated.length).toBe(Math.min(20, one.desk.explain('r1')?.trace?.evaluated.length ?? 0))
    const known = trace?.evaluated.filter(({ conditions }) => conditions !== null) ?? []
    expect(known.length).toBeGreaterThan(0)
    expect(JSON.stringify(known).length).toBeLessThan(4_200)
  })

  it('[ND35] explains from a snapshot', async () => {
    const [one] = await openTwoNodes({ workflows: [toAna] })
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })
    await one.desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'invoice' } })
    await one.desk.requestChat({ requestId: 'r3', visitorId: 'v3', facts })
    await one.desk.transfer('r3', { by: 'ana', to: { staff: 'bo' } })
    const snapshot = JSON.parse(JSON.stringify(one.desk.snapshot()))
    const restored = await openTestDesk({ snapshot })
    expect(restored.desk.snapshot().state.traces).toEqual(snapshot.state.traces)
    for (const id of ['r1', 'r2', 'r3']) {
      expect(explained(restored.desk, id)).toMatchObject({ trace: explained(one.desk, id).trace })
    }
    expect(restored.desk.explain('r1')?.trace).toMatchObject({ workflow: 'To Ana' })
    expect(restored.desk.explain('r2')?.trace).toMatchObject({ workflow: null })
    expect(restored.desk.explain('r3')).toMatchObject({ transferredBy: 'ana', trace: null })
  })

  it('[ND35] explains what another desk on a store in the same process has routed', async () => {
    const store = memoryStore()
    const [one, two] = [await openTestDesk({ store, workflows: [toAna] }), await openTestDesk({ store })]
    await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts })
    await vi.waitFor(() => expect(two.desk.explain('r1')).toEqual(one.desk.explain('r1')))
    expect(two.desk.explain('r1')?.trace?.evaluated).toMatchObject([{ workflow: 'To Ana' }])
  })
})
