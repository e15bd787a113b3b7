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
  opened,
  policy,
  present,
  ring,
  stop,
} from '../../../src/testing'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** A forged desk: events with the edges somebody claims for them. */
type Claim = readonly [DomainEvent | readonly DomainEvent[], ...Edge[]]

const one = { to: 'everyone', ring: { order: 'listed' } } as const
const offer = (requestId: string, staffIds: string[]): DomainEvent => ({
  type: 'offer.made',
  requestId,
  staffIds,
  untilAt: 9,
  at: 0,
})

describe('an invariant complains of a desk that', () => {
  const broken: readonly (readonly [InvariantId, string, readonly Claim[]])[] = [
    [
      'I2',
      'gives a request to a second person',
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
      'goes on ringing for a chat in hand',
      [[present('ana')], [opened('r1'), ring('r1', ['ana'])], [accepted('r1', 'ana')]],
    ],
    [
      'I4',
      'rings somebody of another team',
      [[present('ana')], [opened('r1', { route: { to: { team: 'x' } } }), ring('r1', ['ana'])]],
    ],
    ['I5', 'leaves one of two silent', [[present('ana')], [present('bo')], [opened('r1'), ring('r1', ['ana'])]]],
    ['I5', 'rings one who has muted', [[present('ana')], [opened('r1'), ring('r1', ['ana'])], [muted('r1', 'ana')]]],
    [
      'I9',
      'lets somebody take more than fits',
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
      'I10',
      'offers the later request first',
      [[present('ana')], [opened('r1', { route: one })], [opened('r2', { route: one })], [offer('r2', ['ana'])]],
    ],
    [
      'I10',
      'offers to one who holds an offer',
      [
        [present('ana')],
        [opened('r1', { route: one })],
        [opened('r2', { route: one })],
        [offer('r1', ['ana'])],
        [offer('r2', ['ana'])],
      ],
    ],
    ['I10', 'offers to one whom a step rings anyway', [[present('ana')], [opened('r1')], [offer('r1', ['ana'])]]],
  ]
  it.each(broken)('%s: %s', (id, _, claims) => {
    const watch = monitorInvariants(allInvariants.filter((invariant) => invariant.id === id))
    expect(() => claim(watch, claims)).toThrow(new RegExp(`^${id} `))
  })

  const restless: readonly (readonly [InvariantId, string, readonly Claim[], Partial<DeskView>])[] = [
    ['I1', 'hides an open request', [[opened('r1')]], { awaiting: () => [] }],
    ['I1', 'has no wake-up for one that rings for nobody', [[opened('r1')]], { nextDueAt: () => null }],
    ['I3', 'shows what the edges do not say', [[present('ana')], [opened('r1')]], { ringing: () => ['r1'] }],
    [
      'I7',
      'finds more to do at the same instant',
      [[present('ana')]],
      { preview: () => answer(true, [muted('r1', 'ana')]) },
    ],
    ['I9', 'shows another load', [[present('ana')]], { staff: () => undefined }],
    ['I10', 'leaves a vacancy beside somebody free', [[present('ana')], [opened('r1', { route: one })]], {}],
    [
      'I12',
      'fires before its time',
      [[present('ana')]],
      { nextDueAt: () => 9, preview: () => answer(true, [muted('r1', 'ana')]) },
    ],
    ['I13', 'lists what nobody could start', [[present('ana')], [opened('r1')]], { preview: () => answer(false, []) }],
  ]
  it.each(restless)('%s: at rest %s', (id, _, claims, desk) => {
    const watch = monitorInvariants(allInvariants.filter((invariant) => invariant.id === id))
    const book = claim(watch, claims)
    const listed = { awaiting: () => book.requests.map(({ requestId }) => ({ requestId })) as never }
    const view = {
      ringing: () => [],
      request: () => undefined,
      staff: () => undefined,
      nextDueAt: () => 5,
      ...listed,
      ...desk,
    }
    expect(() => watch.atRest(view, book)).toThrow(new RegExp(`^${id} `))
  })

  it('I6 and I15: rings others for a mute, or acts on what it refused', () => {
    const mute: Command = { type: 'mute', requestId: 'r1', staffId: 'ana', at: 0 }
    const steps = [{ event: muted('r1', 'ana'), edges: [stop('r1', ['ana', 'bo'], 'muted')] }]
    const watch = monitorInvariants()
    expect(() => watch.afterTurn({ command: mute, outcome: { ok: true }, steps }, emptyReferenceModel())).toThrow(
      /^I6 /,
    )
    const refused = { ok: false, code: 'unknown-request', requestId: 'r1' } as const
    const quiet = [{ event: muted('r1', 'ana'), edges: [] }]
    expect(() => watch.afterTurn({ command: mute, outcome: refused, steps: quiet }, emptyReferenceModel())).toThrow(
      /^I15 /,
    )
  })
})

function claim(watch: ReturnType<typeof monitorInvariants>, claims: readonly Claim[]) {
  const book = emptyReferenceModel()
  for (const [events, ...edges] of claims) {
    for (const event of [events].flat()) {
      watch.beforeEvent(event, book)
      applyEvent(book, event)
      watch.afterEvent({ event, edges }, book)
    }
  }
  return book
}

function answer(ok: boolean, events: readonly DomainEvent[]): Decision {
  return { outcome: ok ? { ok } : { ok: false, code: 'unknown-request', requestId: 'r1' }, events }
}
