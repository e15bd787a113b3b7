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
  const event = scene.events.find(({ type }) => type === 'request.opened')
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
