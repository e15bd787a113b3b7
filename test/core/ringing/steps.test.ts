import { describe, expect, it } from 'vitest'
import { defaultPolicy, type Policy, type RouteInput, ringingRequestIds } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const servers = (id: string) => ({ id, teams: ['servers'] })
const billing = (id: string) => ({ id, teams: ['billing'] })
const ladder = (more: object = {}) => ({
  steps: [{ to: { team: 'servers' } }, { to: { team: 'billing' }, afterMs: 60_000, ...more }],
})

describe('steps', () => {
  it('[S1] widens the ring at afterMs while the earlier staff keep ringing', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', ladder())
    scene.pass(59_999)
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.pass(1)
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[S2] hands over with mode: replace: the earlier staff stop with reason handed-over', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', ladder({ mode: 'replace' }))
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['stop r1: ana (handed-over)', 'ring r1: bo'])
  })

  it('[S3] skips a step at once when nobody of it is present', () => {
    const scene = new DeskFixture().present(billing('bo')).absent(servers('ana'))
    scene.open('r1', ladder())
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[S4] waits for its time with skipWhen: never', () => {
    const scene = new DeskFixture().present(billing('bo')).absent(servers('ana'))
    scene.open('r1', {
      steps: [
        { to: { team: 'servers' }, skipWhen: 'never' },
        { to: { team: 'billing' }, afterMs: 60_000 },
      ],
    })
    expect(scene.takeEdges()).toEqual([])
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })

  it('[S5] moves on at once when the last of its staff leaves', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', ladder())
    scene.takeEdges()
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (unavailable)', 'ring r1: bo'])
  })

  it('[S6] widens to everyone when the own audiences of the route hold nobody present', () => {
    const scene = new DeskFixture().present('cy').absent(servers('ana'))
    scene.open('r1', { to: { team: 'servers' } })
    expect(scene.takeEdges()).toEqual(['ring r1: cy'])
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  const handedOver = () => ({ ...ladder({ mode: 'replace' }), whenExhausted: 'hold' }) as const

  it('[S11] rings all steps of a route that holds when it hands over to staff who are absent', () => {
    const scene = new DeskFixture().present(servers('ana'), 'cy').absent(billing('bo'))
    scene.open('r1', handedOver())
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual([])
    expect(scene.state.requests.get('r1')?.step).toBe(2)
    scene.execute({ type: 'connect', staffId: 'bo', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
    scene.present(servers('di'))
    expect(scene.takeEdges()).toEqual(['ring r1: di'])
  })

  it('[S11] rings the earlier steps again when the staff to whom it was handed over leave or decline', () => {
    for (const leave of [
      { type: 'setAvailability', staffId: 'bo', availability: 'away' },
      { type: 'decline', requestId: 'r1', staffId: 'bo', reason: null },
    ] as const) {
      const scene = new DeskFixture().present(servers('ana'), billing('bo'))
      scene.open('r1', handedOver())
      scene.pass(60_000)
      scene.takeEdges()
      scene.execute(leave)
      const reason = leave.type === 'decline' ? 'declined' : 'unavailable'
      expect(scene.takeEdges()).toEqual([`stop r1: bo (${reason})`, 'ring r1: ana'])
    }
  })

  it('[S11] rings the staff of a skipped step when they come, though the last step hands over', () => {
    const scene = new DeskFixture().absent(servers('ana'), billing('bo'))
    scene.open('r1', handedOver())
    expect(scene.state.requests.get('r1')?.step).toBe(2)
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[S7] holds a request for its own audience with whenExhausted: hold', () => {
    const scene = new DeskFixture().present('cy').absent(servers('ana'))
    scene.open('r1', { steps: [{ to: { team: 'servers' } }], whenExhausted: 'hold' })
    expect(scene.takeEdges()).toEqual([])
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it.each<[string, RouteInput]>([
    ['one step', { to: { team: 'servers' } }],
    ['a list of steps', { steps: [{ to: { team: 'servers' } }] }],
  ])('[S12] takes whenExhausted in a route of %s, and else the policy’s, also of a policy that changes', (_, route) => {
    const holding: Policy = { ...defaultPolicy, sessionLeaseMs: null, whenExhausted: 'hold' }
    const opened = (whenExhausted: 'everyone' | 'hold' | undefined, policy = holding) => {
      const scene = new DeskFixture(policy).present('cy').absent(servers('ana'))
      scene.open('r1', whenExhausted === undefined ? route : { ...route, whenExhausted })
      return scene
    }
    expect(opened('everyone').takeEdges()).toEqual(['ring r1: cy'])
    expect(opened('hold', { ...holding, whenExhausted: 'everyone' }).takeEdges()).toEqual([])
    const scene = opened(undefined)
    expect(scene.takeEdges()).toEqual([])
    scene.execute({ type: 'setPolicy', policy: { ...holding, whenExhausted: 'everyone' } })
    expect(scene.takeEdges()).toEqual(['ring r1: cy'])
    scene.execute({ type: 'setPolicy', policy: holding })
    expect(scene.takeEdges()).toEqual(['stop r1: cy (rerouted)'])
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.execute({ type: 'setPolicy', policy: { ...holding, whenExhausted: 'everyone', wrapUpMs: 1 } })
    expect(scene.takeEdges()).toEqual(['ring r1: cy'])
  })

  it('[S8] clears mutes when the next step starts', () => {
    const scene = new DeskFixture().present(servers('ana'), servers('al'), billing('bo'))
    scene.open('r1', ladder())
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
  })

  it('[S9] routes anew on reroute, with reason rerouted for those who are no longer concerned', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', { to: { team: 'servers' } })
    scene.takeEdges()
    const step = {
      to: { team: 'billing' },
      afterMs: 0,
      mode: 'widen',
      skipWhen: 'nobody-present',
      ring: 'all',
      tone: null,
    } as const
    const routingResult = {
      workflow: 'b',
      route: { steps: [step], whenExhausted: 'everyone' as const },
      priority: 1,
      tags: [],
    }
    scene.execute({ type: 'reroute', requestId: 'r1', routingResult })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (rerouted)', 'ring r1: bo'])
  })

  it('[S10] widens to everyone when everybody of the route has declined', () => {
    const scene = new DeskFixture().present(servers('ana'), 'cy')
    scene.open('r1', { to: { team: 'servers' } })
    scene.takeEdges()
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'ana', reason: null })
    expect(scene.takeEdges()).toEqual(['stop r1: ana (declined)', 'ring r1: cy'])
  })
})

describe('reminders and warnings', () => {
  const warnings = (scene: DeskFixture) =>
    scene.events.flatMap((event) => (event.type === 'request.unattended' ? [event.cause] : []))

  it('[N1] warns at once when everybody has muted, and rings them again after remindAfterMs', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    expect(warnings(scene)).toEqual([])
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'bo' })
    expect(warnings(scene)).toEqual(['all-muted'])
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
  })

  it('[N2] starts the next step instead of lifting the mutes when there is one', () => {
    const scene = new DeskFixture().present(servers('ana'), billing('bo'))
    scene.open('r1', { steps: [{ to: { team: 'servers' } }, { to: { team: 'billing' }, afterMs: 600_000 }] })
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.pass(60_000)
    expect(scene.events.at(-1)).toMatchObject({ type: 'step.started', cause: 'reminder' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana bo'])
  })

  it('[N3] leaves mutes alone with remindAfterMs: null', () => {
    const scene = new DeskFixture({ remindAfterMs: null }).present('ana')
    scene.open('r1')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.pass(3_600_000)
    expect(scene.takeEdges()).toEqual([])
  })

  it('[N4] warns at once when nobody is reachable, and rings the first who becomes able', () => {
    const scene = new DeskFixture().absent('ana')
    scene.open('r1')
    expect(warnings(scene)).toEqual(['nobody-reachable'])
    scene.execute({ type: 'connect', staffId: 'ana', sessionId: 'tab' })
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })

  it('[N5] warns of a long wait after unattendedAfterMs, then in doubling gaps up to 15 minutes', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const openedAt = scene.at
    scene.pass(3_600_000)
    const minutes = scene.events.flatMap((event) =>
      event.type === 'request.unattended' ? [(event.at - openedAt) / 60_000] : [],
    )
    expect(minutes).toEqual([2, 4, 8, 16, 31, 46])
  })

  it('[N6] warns again of the same cause only after it has rung in between', () => {
    const scene = new DeskFixture({ remindAfterMs: null }).present('ana')
    scene.open('r1')
    for (const type of ['mute', 'unmute', 'mute'] as const) scene.execute({ type, requestId: 'r1', staffId: 'ana' })
    expect(warnings(scene)).toEqual(['all-muted', 'all-muted'])
    expect(ringingRequestIds(scene.state, 'ana')).toEqual([])
  })
})
