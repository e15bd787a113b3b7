import { describe, expect, it } from 'vitest'
import { completeRoute, type DomainEvent, type RouteInput } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const servers = (id: string) => ({ id, teams: ['servers'] })
const billing = (id: string) => ({ id, teams: ['billing'] })
const ladder = (first: object = {}): RouteInput => ({
  steps: [
    { to: { team: 'servers' }, ...first },
    { to: { team: 'billing' }, afterMs: 60_000 },
  ],
})

/** The step that the event itself names, and how many more steps followed at once. */
function opened(scene: DeskFixture, route: RouteInput): { step: number | undefined; more: number } {
  scene.open('r1', route)
  const event = scene.events.findLast(({ type }) => type === 'request.opened')
  return { step: event?.type === 'request.opened' ? event.step : undefined, more: scene.count('step.started') }
}

const last = (scene: DeskFixture, wanted: DomainEvent['type']) => scene.events.findLast(({ type }) => type === wanted)

describe('the step that a request opens at', () => {
  it('[S3] is the first of which somebody is present, decided with the opening', () => {
    expect(opened(new DeskFixture().present(servers('ana'), billing('bo')), ladder())).toEqual({ step: 0, more: 0 })
    expect(opened(new DeskFixture().present(billing('bo')).absent(servers('ana')), ladder())).toEqual({
      step: 1,
      more: 0,
    })
  })

  it('[S4] is one that waits for its time, whether staff are present or not', () => {
    const scene = new DeskFixture().present(billing('bo')).absent(servers('ana'))
    expect(opened(scene, ladder({ skipWhen: 'never' }))).toEqual({ step: 0, more: 0 })
  })

  const vip = (first: object = {}): RouteInput => ({
    steps: [
      { to: { staff: 'mia' }, ...first },
      { to: { team: 'servers' }, afterMs: 20_000 },
    ],
  })
  /** Mia has room for one chat, which she has. */
  const full = () => {
    const scene = new DeskFixture().present({ id: 'mia', capacity: 1 }, servers('ana'))
    scene.open('r0')
    scene.execute({ type: 'accept', requestId: 'r0', staffId: 'mia' })
    scene.takeEdges()
    return scene
  }

  it('[S13] is the team at once when the named manager is full, and the manager joins when free', () => {
    const scene = full()
    expect(opened(scene, vip())).toEqual({ step: 1, more: 0 })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.execute({ type: 'end', requestId: 'r0' })
    expect(scene.takeEdges()).toEqual(['ring r1: mia'])
  })

  it('[S13] waits for a busy team, and for a busy manager where the step says so', () => {
    const waiting = full()
    expect(opened(waiting, vip({ skipWhen: 'nobody-present' }))).toEqual({ step: 0, more: 0 })
    expect(waiting.takeEdges()).toEqual([])
    waiting.pass(20_000)
    expect(waiting.takeEdges()).toEqual(['ring r1: ana'])
    const busyTeam = new DeskFixture().present({ ...servers('ana'), capacity: 0 }, billing('bo'))
    expect(opened(busyTeam, ladder())).toEqual({ step: 0, more: 0 })
    const skipped = new DeskFixture().present({ ...servers('ana'), capacity: 0 }, billing('bo'))
    expect(opened(skipped, ladder({ skipWhen: 'nobody-free' }))).toEqual({ step: 1, more: 0 })
  })

  it('[S13] needs room for the weight of the request', () => {
    const scene = () => new DeskFixture().present({ id: 'mia', capacity: 2 }, servers('ana'))
    const light = scene()
    light.open('r1', vip(), { weight: 2 })
    expect(light.takeEdges()).toEqual(['ring r1: mia'])
    const heavy = scene()
    heavy.open('r1', vip(), { weight: 3 })
    expect(heavy.takeEdges()).toEqual(['ring r1: ana'])
    const byPolicy = new DeskFixture({ weight: 3 }).present({ id: 'mia', capacity: 2 }, servers('ana'))
    byPolicy.open('r1', vip())
    expect(byPolicy.takeEdges()).toEqual(['ring r1: ana'])
  })

  it.each<[string, (scene: DeskFixture) => void, string]>([
    [
      'declines',
      (scene) => scene.execute({ type: 'decline', requestId: 'r1', staffId: 'mia', reason: null }),
      'declined',
    ],
    [
      'is given another chat',
      (scene) => scene.execute({ type: 'assign', requestId: 'r0', staffId: 'mia', by: 'boss' }),
      'at-capacity',
    ],
    ['loses a slot', (scene) => scene.execute({ type: 'setStaff', staff: { id: 'mia', capacity: 0 } }), 'at-capacity'],
  ])('[S14] goes on to the next at once when the only named person %s', (_, act, reason) => {
    const scene = new DeskFixture().present({ id: 'mia', capacity: 1 }, servers('ana'))
    scene.open('r0', { to: { team: 'nobody' }, whenExhausted: 'hold' })
    scene.open('r1', vip())
    scene.takeEdges()
    scene.pass(5_000)
    act(scene)
    expect(scene.takeEdges()).toEqual([`stop r1: mia (${reason})`, 'ring r1: ana'])
    const cause = reason === 'declined' ? 'nobody-present' : 'nobody-free'
    expect(last(scene, 'step.started')).toMatchObject({ requestId: 'r1', step: 1, cause })
  })

  it('[S14] waits for a free person who muted it, until the reminder', () => {
    const scene = new DeskFixture({ remindAfterMs: 10_000 }).present({ id: 'mia', capacity: 1 }, servers('ana'))
    scene.open('r1', vip())
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'mia' })
    scene.takeEdges()
    scene.pass(9_999)
    expect(scene.takeEdges()).toEqual([])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['ring r1: ana mia'])
  })

  it('[S14] counts the slot that a released chat leaves, and a decline that a transfer lifts', () => {
    const released = new DeskFixture().present({ id: 'mia', capacity: 1 }, servers('ana'))
    released.open('r1', vip())
    released.execute({ type: 'accept', requestId: 'r1', staffId: 'mia' })
    released.execute({ type: 'release', requestId: 'r1', by: 'mia', exclude: false })
    expect(last(released, 'request.released')).toMatchObject({ step: 0 })
    const declined = new DeskFixture().present({ id: 'mia', capacity: 1 }, servers('ana'))
    declined.open('r1', vip())
    declined.execute({ type: 'decline', requestId: 'r1', staffId: 'mia', reason: null })
    const routingResult = { workflow: 'w', route: completeRoute(vip()), priority: 0, tags: [] }
    declined.execute({ type: 'reroute', requestId: 'r1', routingResult })
    expect(last(declined, 'request.rerouted')).toMatchObject({ step: 1 })
    declined.execute({ type: 'transfer', requestId: 'r1', by: 'boss', route: completeRoute(vip()) })
    expect(last(declined, 'request.transferred')).toMatchObject({ step: 0 })
  })

  it('[S6] is everyone where nobody of the whole route is there, unless it holds or means everyone itself', () => {
    const scene = () => new DeskFixture().present('cy').absent(servers('ana'), billing('bo'))
    expect(opened(scene(), ladder())).toEqual({ step: 2, more: 0 })
    expect(opened(scene(), { ...ladder(), whenExhausted: 'hold' })).toEqual({ step: 1, more: 0 })
    const nobody = new DeskFixture().absent(servers('ana'), billing('bo'))
    const toAll = { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 1_000 }] } as const
    expect(opened(nobody, toAll)).toEqual({ step: 1, more: 0 })
  })

  it('[S6] is not everyone as long as a staff member of the first step is present', () => {
    const route: RouteInput = {
      steps: [{ to: { team: 'servers' } }, { to: { team: 'billing' }, afterMs: 60_000, mode: 'replace' }],
    }
    const scene = new DeskFixture().present(servers('ana'), 'cy').absent(billing('bo'))
    expect(opened(scene, route)).toEqual({ step: 0, more: 0 })
    const waiting = new DeskFixture().present('cy').absent(servers('ana'), billing('bo'))
    expect(opened(waiting, ladder({ skipWhen: 'never' }))).toEqual({ step: 0, more: 0 })
  })

  it('[S6] is the last of its own as long as anybody of an earlier one rings beside it', () => {
    const scene = new DeskFixture().present(servers('ana')).absent(billing('bo'))
    scene.open('r1', ladder())
    scene.pass(60_000)
    expect(last(scene, 'step.started')).toMatchObject({ step: 1, cause: 'time' })
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(last(scene, 'step.started')).toMatchObject({ step: 2, cause: 'nobody-present' })
  })

  it('stays where it is when everyone is meant and nobody is left', () => {
    const scene = new DeskFixture().present('cy').absent(servers('ana'))
    scene.open('r1', { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 1_000 }] })
    scene.execute({ type: 'disconnect', staffId: 'cy', sessionId: 'tab' })
    scene.pass(3_600_000)
    expect(scene.count('step.started')).toBe(0)
    expect(scene.state.requests.get('r1')?.step).toBe(1)
  })

  it('is sought anew when it is given back, handed on or routed anew', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', ladder())
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    scene.execute({ type: 'release', requestId: 'r1', by: 'ana', exclude: false })
    expect(last(scene, 'request.released')).toMatchObject({ cause: 'released', step: 1 })
    const routingResult = { workflow: 'w', route: completeRoute(ladder()), priority: 0, tags: [] }
    scene.execute({ type: 'reroute', requestId: 'r1', routingResult })
    expect(last(scene, 'request.rerouted')).toMatchObject({ step: 1 })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })
    scene.execute({ type: 'transfer', requestId: 'r1', by: 'bo', route: completeRoute({ to: { team: 'servers' } }) })
    expect(last(scene, 'request.transferred')).toMatchObject({ step: 1 })
  })
})
