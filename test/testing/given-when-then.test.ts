import { describe, expect, it, vi } from 'vitest'
import {
  absent,
  accepted,
  GivenWhenThenError,
  given,
  muted,
  opened,
  policy,
  present,
  ring,
  stop,
} from '../../src/testing'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const mute = { type: 'mute', requestId: 'r1', staffId: 'ana', at: 9 } as const

describe('given, when, then', () => {
  const two = given(present('ana'), present('bo'), opened('r1'))

  it('expects the edges of one command', () => {
    two.when(mute).thenEdges(stop('r1', ['ana'], 'muted'))
    two
      .when({ type: 'accept', requestId: 'r1', staffId: 'bo', at: 9 })
      .thenEdges(stop('r1', ['bo', 'ana'], 'accepted', 'bo'))
    given(present('ana'), absent('bo'), opened('r1'))
      .when({ type: 'connect', staffId: 'bo', sessionId: 's', at: 1 })
      .thenEdges(ring('r1', ['bo']))
  })

  it('expects events, comparing only the fields that are named', () => {
    two.when(mute).thenEvents({ type: 'request.muted', staffId: 'ana', untilAt: null })
    two
      .when(mute, { ...mute, staffId: 'bo' })
      .thenEvents({ type: 'request.muted', staffId: 'ana' }, { type: 'request.muted', staffId: 'bo' })
  })

  it('expects refusals with their details, and commands without effect', () => {
    given(present('ana'), present('bo'), opened('r1'), accepted('r1', 'bo'))
      .when({ type: 'accept', requestId: 'r1', staffId: 'ana', at: 9 })
      .thenRefused('taken', { by: 'bo' })
    given(present('ana'), opened('r1'), muted('r1', 'ana')).when(mute).thenNothing().thenEdges()
  })

  it('starts from any roster, route and policy', () => {
    given(policy({ capacity: 1 }), present({ id: 'ana', teams: ['servers'] }), present('bo'))
      .when(openedByCommand)
      .thenEvents({ type: 'request.opened', requestId: 'r1' })
      .thenEdges(ring('r1', ['ana']))
    given(present('ana'), opened('r1', { route: { to: { team: 'servers' } }, visitorId: 'v1', at: 3 }))
      .when({ type: 'mute', requestId: 'r1', staffId: 'ana', at: 4 })
      .thenRefused('not-in-audience', { reason: 'not-in-team' })
  })

  it('fails with the expected value and with what happened', () => {
    const then = two.when(mute)
    const broken = [
      () => then.thenEdges(),
      () => then.thenEdges(stop('r1', ['ana'], 'snoozed')),
      () => then.thenEdges(stop('r1', ['bo'], 'muted')),
      () => then.thenEdges(stop('r1', ['ana'], 'muted'), ring('r1', ['bo'])),
      () => then.thenEvents(),
      () => then.thenEvents({ type: 'request.muted', staffId: 'bo' }),
      () => then.thenEvents({ type: 'request.muted', reason: 'none' }),
      () => then.thenRefused('taken'),
      () => then.thenNothing(),
    ]
    for (const claim of broken) expect(claim).toThrow(GivenWhenThenError)
    expect(() => then.thenEdges(ring('r1', ['bo']))).toThrow(
      /expected .*"ring".*\n.*\n9 mute [\s\S]*stop r1 ana \(muted\)/,
    )
    expect(() => two.when({ ...mute, requestId: 'r2' }).thenRefused('request-closed')).toThrow(
      /refused: unknown-request/,
    )
  })
})

const openedByCommand = {
  type: 'requestChat',
  requestId: 'r1',
  visitorId: 'v1',
  facts: {},
  weight: null,
  routingResult: {
    workflow: null,
    route: {
      steps: [
        { to: { team: 'servers' }, afterMs: 0, mode: 'widen', skipWhen: 'nobody-present', ring: 'all', tone: null },
      ],
      whenExhausted: 'everyone',
    },
    priority: 0,
    tags: [],
  },
  at: 5,
} as const
