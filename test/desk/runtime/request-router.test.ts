import { describe, expect, it } from 'vitest'
import { type Desk, InvalidInputError } from '../../../src'
import { toAna, workflowToAna } from '../explained'
import { openStaffedDesk } from '../test-desk'

const aged = (name: string, path: string, operator: string, value: number) =>
  workflowToAna(name, { fact: 'request', path, operator, value })
const whoWaited = [
  aged('Waited long', 'ageMs', 'equal', 200_000),
  aged('Waited', 'ageSeconds', 'greaterThanInclusive', 90),
  aged('Not yet', 'ageSeconds', 'equal', 89),
  aged('Just opened', 'ageMs', 'equal', 0),
]

describe('routing at the desk', () => {
  it('[D60] sends what no workflow routes on the default route, with and without workflows', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { routing: { defaultRoute: { to: { staff: 'bo' } } } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.setWorkflows([toAna])
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await desk.requestChat({ requestId: 'r3', visitorId: 'v3', facts: { topic: 'server' } })
    await desk.setWorkflows([])
    await desk.requestChat({ requestId: 'r4', visitorId: 'v4', facts: { topic: 'server' } })
    expect(edges).toEqual(['ring r1 → bo', 'ring r2 → bo', 'ring r3 → ana', 'ring r4 → bo'])
  })

  it('[D61] previews where a request would go, and changes nothing', async () => {
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: [toAna] })
    const { version } = desk
    const there = await desk.previewRoute({ facts: { topic: 'server' } })
    expect(there).toMatchObject({ workflow: 'To Ana', priority: 0, tags: [] })
    expect(there.route.steps).toMatchObject([{ to: { staff: 'ana' }, afterMs: 0 }])
    expect(there.trace?.evaluated).toMatchObject([{ workflow: 'To Ana', isMatch: true }])
    expect((await desk.previewRoute({ facts: { topic: 'invoice' } })).workflow).toBeNull()
    expect(desk.version).toBe(version)
    expect(edges).toEqual([])
  })

  it('[D61] previews for the visitor and the instant that it is given', async () => {
    const gold = workflowToAna('Gold', { fact: 'visitor', path: '$.facts.plan', operator: 'equal', value: 'gold' })
    const inTheMorning = { fact: 'clock', params: { timeZone: 'UTC' }, path: '$.hour', operator: 'equal', value: 9 }
    const { desk } = await openStaffedDesk(['ana'], { workflows: [gold, workflowToAna('Morning', inTheMorning)] })
    await desk.visitorArrived({ visitorId: 'v1', facts: { plan: 'gold' } })
    const previewed = async (input: { visitorId?: string; at?: number }) =>
      (await desk.previewRoute({ facts: {}, ...input })).workflow
    expect(await previewed({})).toBeNull()
    expect(await previewed({ visitorId: 'v1' })).toBe('Gold')
    expect(await previewed({ at: 9 * 3_600_000 })).toBe('Morning')
    expect(await previewed({ visitorId: 'v2', at: 9 * 3_600_000 })).toBe('Morning')
    const preview = await desk.previewRoute({ facts: {} })
    expect([Object.isFrozen(preview), Object.isFrozen(preview.trace?.evaluated)]).toEqual([true, true])
  })

  it.each<[unknown, string]>([
    [undefined, 'input: expected an object'],
    [{}, 'facts: expected an object of JSON values, got nothing'],
    [{ facts: { a: undefined } }, 'facts.a: expected a JSON value, got undefined'],
    [{ facts: {}, visitorId: '' }, 'visitorId: expected text of 1 to 256 characters, got ""'],
    [{ facts: {}, at: -1 }, 'at: expected a whole number, 0 to 9007199254740991, got -1'],
    [{ facts: {}, requestId: 'r1' }, 'requestId: expected one of facts, visitorId, at'],
  ])('[D61] refuses to preview %j', async (input, line) => {
    const { desk } = await openStaffedDesk(['ana'])
    await expect(desk.previewRoute(input as never)).rejects.toThrow(InvalidInputError)
    await expect(desk.previewRoute(input as never)).rejects.toThrow(line)
  })

  it('[D18] keeps explaining while a chat is accepted and released, and no longer after a transfer', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'], { workflows: [toAna] })
    const tried = (requestId: string) => desk.explain(requestId)?.trace?.evaluated.map(({ workflow }) => workflow)
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    await desk.requestChat({ requestId: 'r2', visitorId: 'v2', facts: { topic: 'invoice' } })
    await desk.accept('r1', 'ana')
    await desk.release('r1', { by: 'ana' })
    expect([tried('r1'), tried('r2')]).toEqual([['To Ana'], []])
    await desk.accept('r1', 'ana')
    await desk.transfer('r1', { by: 'ana', to: { staff: 'bo' } })
    expect(desk.explain('r1')).toMatchObject({ workflow: null, trace: null })
    await desk.reroute('r1')
    expect(tried('r1')).toEqual(['To Ana'])
  })

  it('[D18] explains by which workflow a request came, until it is over', async () => {
    const { desk } = await openStaffedDesk(['ana'], { workflows: [toAna] })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    const { workflow, trace } = desk.explain('r1') ?? {}
    expect(workflow).toBe('To Ana')
    expect(trace?.evaluated[0]?.conditions).toMatchObject({
      group: 'all',
      parts: [{ fact: 'topic', actual: 'server' }],
    })
    await desk.cancel('r1')
    expect(desk.explain('r1')).toBeUndefined()
  })

  it('[D62] reports facts that failed, and routes without the workflows that need them', async () => {
    const vip = {
      name: 'VIPs',
      conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] },
      event: { type: 'route', params: { to: { staff: 'bo' } } },
    }
    const plan = () => {
      throw new Error('no billing today')
    }
    const { desk, edges, errors } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [vip, toAna],
      routing: { facts: { plan } },
    })
    const degraded: unknown[] = []
    desk.on('routing.degraded', (notification) => degraded.push(notification))
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
    expect(edges).toEqual(['ring r1 → ana'])
    expect(degraded).toMatchObject([{ workflows: ['VIPs'] }])
    expect(errors).toEqual([])
  })

  it.each<[string, (desk: Desk) => Promise<unknown>]>([
    ['a reroute', (desk) => desk.reroute('r1')],
    ['facts that are merged in', (desk) => desk.updateFacts('r1', { plan: 'gold' }, { reroute: true })],
    ['new workflows', (desk) => desk.setWorkflows([...whoWaited, toAna], { reroute: true })],
    ['one new workflow', (desk) => desk.setWorkflow(toAna, { reroute: true })],
  ])(
    '[D93] knows at %s how long ago the request was opened, in whole milliseconds and seconds',
    async (_, routeAnew) => {
      const { desk, clock } = await openStaffedDesk(['ana'], { workflows: whoWaited }, 1_000_000)
      await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
      const workflowNow = () => desk.explain('r1')?.workflow
      expect(workflowNow()).toBe('Just opened')
      await clock.advance(89_999)
      await routeAnew(desk)
      expect(workflowNow()).toBe('Not yet')
      await clock.advance(1)
      await desk.reroute('r1')
      expect(workflowNow()).toBe('Waited')
      await clock.advance(110_000)
      await desk.accept('r1', 'ana')
      await desk.release('r1', { by: 'ana' })
      await desk.reroute('r1')
      expect(workflowNow()).toBe('Waited long')
    },
  )

  it('[D63] waits for a fact that takes time before the request is queued, and idle waits with it', async () => {
    let resolve = (_: string): void => {}
    const promise = new Promise<string>((settle) => {
      resolve = settle
    })
    const late = { ...toAna, conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] } }
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], {
      workflows: [late],
      routing: { facts: { plan: () => promise }, factTimeoutMs: 60_000 },
    })
    const first = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.setAvailability('bo', 'away')
    expect(edges).toEqual([])
    resolve('gold')
    await desk.idle()
    expect(edges).toEqual(['ring r1 → ana'])
    expect(await first).toMatchObject({ ok: true })
  })

  it('[D49] lets workflows ask how many are available and how many wait', async () => {
    const busy = {
      name: 'Ana is busy',
      conditions: {
        any: [
          { fact: 'available', params: { target: { staff: 'ana' } }, operator: 'equal', value: 0 },
          { fact: 'waiting', params: { target: { staff: 'ana' } }, operator: 'greaterThanInclusive', value: 2 },
        ],
      },
      event: { type: 'route', params: { to: { staff: 'bo' } } },
    }
    const always = { ...toAna, conditions: { all: [{ fact: 'topic', operator: 'notEqual', value: 'x' }] } }
    const { desk, edges } = await openStaffedDesk(['ana', 'bo'], { workflows: [busy, always] })
    for (const id of ['1', '2', '3']) {
      await desk.requestChat({ requestId: `r${id}`, visitorId: `v${id}`, facts: { topic: 'server' } })
    }
    expect(edges).toEqual(['ring r1 → ana', 'ring r2 → ana', 'ring r3 → bo'])
  })
})
