import { describe, expect, it, vi } from 'vitest'
import type { Command, Decision, DomainEvent, Edge } from '../../../src/core'
import {
  accepted,
  allInvariants,
  applyEvent,
  type DeskView,
  emptyReferenceModel,
  type InvariantId,
  monitorInvariants,
  muted,
  muteIsolation,
  opened,
  policy,
  present,
  ring,
  stop,
} from '../../../src/testing'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** An event or several, and edges that a faulty desk would make of them. */
type Claim = readonly [DomainEvent | readonly DomainEvent[], ...Edge[]]

const one = { to: 'everyone', ring: { order: 'listed' } } as const
const offer = (requestId: string, staffIds: string[]): DomainEvent => ({
  type: 'offer.made',
  requestId,
  staffIds,
  untilAt: 9,
  at: 0,
})

describe('an invariant reports a desk that', () => {
  const broken: readonly (readonly [InvariantId, string, readonly Claim[]])[] = [
    [
      'I2',
      'assigns a request to a second staff member',
      [[present('ana')], [present('bo')], [opened('r1')], [accepted('r1', 'ana')], [accepted('r1', 'bo')]],
    ],
    [
      'I3',
      'rings twice without a stop',
      [[present('ana')], [opened('r1'), ring('r1', ['ana'])], [muted('r1', 'bo'), ring('r1', ['ana'])]],
    ],
    ['I3', 'stops what did not ring', [[present('ana')], [opened('r1'), stop('r1', ['ana'], 'muted')]]],
    [
      'I3',
      'rings for an instant within one event',
      [[present('ana')], [opened('r1'), ring('r1', ['ana']), stop('r1', ['ana'], 'muted')]],
    ],
    [
      'I3',
      'rings for an assigned request',
      [[present('ana')], [opened('r1'), ring('r1', ['ana'])], [accepted('r1', 'ana')]],
    ],
    [
      'I4',
      'rings a staff member of another team',
      [[present('ana')], [opened('r1', { route: { to: { team: 'x' } } }), ring('r1', ['ana'])]],
    ],
    [
      'I5',
      'rings one of two eligible staff members',
      [[present('ana')], [present('bo')], [opened('r1'), ring('r1', ['ana'])]],
    ],
    [
      'I5',
      'rings a staff member who has muted',
      [[present('ana')], [opened('r1'), ring('r1', ['ana'])], [muted('r1', 'ana')]],
    ],
    [
      'I9',
      'exceeds a capacity',
      [
        [policy({ capacity: 1 })],
        [present('ana')],
        [opened('r1')],
        [opened('r2')],
        [accepted('r1', 'ana')],
        [accepted('r2', 'ana')],
      ],
    ],
    [
      'I17',
      'opens a second request of a visitor whose first one is open',
      [[opened('r1', { visitorId: 'v1' })], [opened('r2', { visitorId: 'v1' })]],
    ],
    [
      'I17',
      'opens a second request of a visitor who is in a chat',
      [
        [present('ana')],
        [opened('r1', { visitorId: 'v1' })],
        [accepted('r1', 'ana')],
        [opened('r2', { visitorId: 'v1' })],
      ],
    ],
    [
      'I10',
      'offers the later request first',
      [[present('ana')], [opened('r1', { route: one })], [opened('r2', { route: one })], [offer('r2', ['ana'])]],
    ],
    [
      'I10',
      'offers to a staff member who has an offer',
      [
        [present('ana')],
        [opened('r1', { route: one })],
        [opened('r2', { route: one })],
        [offer('r1', ['ana'])],
        [offer('r2', ['ana'])],
      ],
    ],
    [
      'I10',
      'offers to a staff member whom a step rings anyway',
      [[present('ana')], [opened('r1')], [offer('r1', ['ana'])]],
    ],
  ]
  it.each(broken)('%s: %s', (id, _, claims) => {
    const monitor = monitorInvariants(allInvariants.filter((invariant) => invariant.id === id))
    expect(() => claim(monitor, claims)).toThrow(new RegExp(`^${id} `))
  })

  const brokenWhenIdle: readonly (readonly [InvariantId, string, readonly Claim[], Partial<DeskView>])[] = [
    ['I1', 'hides an open request', [[opened('r1')]], { awaiting: () => [] }],
    ['I1', 'has no wake-up for a request that does not ring', [[opened('r1')]], { nextDueAt: () => null }],
    ['I3', 'shows a ring without an edge', [[present('ana')], [opened('r1')]], { ringing: () => ['r1'] }],
    [
      'I7',
      'makes another event at the same instant',
      [[present('ana')]],
      { preview: () => decision(true, [muted('r1', 'ana')]) },
    ],
    ['I9', 'shows another load', [[present('ana')]], { staff: () => undefined }],
    [
      'I10',
      'leaves a request without an offer while a staff member is free',
      [[present('ana')], [opened('r1', { route: one })]],
      {},
    ],
    [
      'I12',
      'fires a deadline early',
      [[present('ana')]],
      { nextDueAt: () => 9, preview: () => decision(true, [muted('r1', 'ana')]) },
    ],
    [
      'I13',
      'lists a request that cannot be accepted',
      [[present('ana')], [opened('r1')]],
      { preview: () => decision(false, []) },
    ],
  ]
  it.each(brokenWhenIdle)('%s: when idle %s', (id, _, claims, desk) => {
    const monitor = monitorInvariants(allInvariants.filter((invariant) => invariant.id === id))
    const model = claim(monitor, claims)
    const listed = { awaiting: () => model.requests.map(({ requestId }) => ({ requestId })) as never }
    const view = {
      ringing: () => [],
      request: () => undefined,
      staff: () => undefined,
      nextDueAt: () => 5,
      ...listed,
      ...desk,
    }
    expect(() => monitor.onIdle(view, model)).toThrow(new RegExp(`^${id} `))
  })

  it('I6 and I15: changes another ring for a mute, or makes an event of a refused command', () => {
    const mute: Command = { type: 'mute', requestId: 'r1', staffId: 'ana', at: 0 }
    const applied = [{ event: muted('r1', 'ana'), edges: [stop('r1', ['ana', 'bo'], 'muted')] }]
    const monitor = monitorInvariants()
    expect(() => monitor.afterStep({ command: mute, outcome: { ok: true }, applied }, emptyReferenceModel())).toThrow(
      /^I6 /,
    )
    const refused = { ok: false, code: 'unknown-request', requestId: 'r1' } as const
    const unseen = [{ event: muted('r1', 'ana'), edges: [] }]
    expect(() =>
      monitor.afterStep({ command: mute, outcome: refused, applied: unseen }, emptyReferenceModel()),
    ).toThrow(/^I15 /)
  })
})

it('I6 allows a mute the stop that a new reservation for a heavy request causes, and no other', () => {
  const mute: Command = { type: 'mute', requestId: 'heavy', staffId: 'bo', at: 0 }
  const edges = [stop('heavy', ['bo'], 'muted'), stop('light', ['ana'], 'reserved')]
  const play = (weight: number) => {
    const monitor = monitorInvariants([muteIsolation])
    const applied = { event: muted('heavy', 'bo'), edges }
    const model = claim(monitor, [
      [present({ id: 'ana', capacity: 2 })],
      [present({ id: 'bo', capacity: 2 })],
      [opened('mine', { weight: 1 })],
      [accepted('mine', 'ana')],
      [opened('light')],
      [opened('heavy', { weight, priority: 1 })],
      [applied.event, ...edges],
    ])
    return () => monitor.afterStep({ command: mute, outcome: { ok: true }, applied: [applied] }, model)
  }
  expect(play(2)).not.toThrow()
  expect(play(1)).toThrow(/^I6 .*ana/)
})

function claim(monitor: ReturnType<typeof monitorInvariants>, claims: readonly Claim[]) {
  const model = emptyReferenceModel()
  for (const [events, ...edges] of claims) {
    for (const event of [events].flat()) {
      monitor.beforeEvent(event, model)
      applyEvent(model, event)
      monitor.afterEvent({ event, edges }, model)
    }
  }
  return model
}

function decision(ok: boolean, events: readonly DomainEvent[]): Decision {
  return { outcome: ok ? { ok } : { ok: false, code: 'unknown-request', requestId: 'r1' }, events }
}
