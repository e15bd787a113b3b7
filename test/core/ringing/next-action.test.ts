import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const last = (scene: DeskFixture, wanted: DomainEvent['type']) => scene.events.findLast(({ type }) => type === wanted)

describe('a deadline that comes before another one of the same request', () => {
  it('leaves the rest between two passes as long as it is', () => {
    const scene = new DeskFixture({ retryDelayMs: 600_000, unattendedAfterMs: 120_000 }).present('ana')
    scene.open('r1', { steps: [{ to: 'everyone', ring: { order: 'listed', offerTimeoutMs: 10_000 } }] })
    scene.pass(120_000)
    expect(last(scene, 'request.unattended')).toMatchObject({ cause: 'waited-too-long', at: scene.at })
    expect(scene.count('offerRound.started')).toBe(0)
    scene.pass(490_000)
    expect(last(scene, 'offerRound.started')).toMatchObject({ at: scene.at })
  })

  it('brings no reminder forward', () => {
    const scene = new DeskFixture({ remindAfterMs: 600_000, unattendedAfterMs: 120_000 }).present('ana')
    scene.open('r1')
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    scene.pass(599_999)
    expect(last(scene, 'request.unattended')).toMatchObject({ cause: 'waited-too-long' })
    expect(scene.count('request.reminded')).toBe(0)
    scene.pass(1)
    expect(scene.count('request.reminded')).toBe(1)
  })

  it('ends no snooze and no offer of others', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 10_000 })
    scene.execute({ type: 'snooze', requestId: 'r1', staffId: 'bo', forMs: 20_000 })
    scene.takeEdges()
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
    scene.pass(10_000)
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
  })
})

describe('a request that rings for nobody any more', () => {
  it('is called unattended at once when the last of its people is full', () => {
    const scene = new DeskFixture().present({ id: 'ana', capacity: 1 })
    scene.open('r1')
    scene.open('r2')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    expect(last(scene, 'request.unattended')).toMatchObject({
      requestId: 'r2',
      cause: 'nobody-reachable',
      at: scene.at,
    })
  })

  it('is called so for its weight: who has room for less cannot take it, who has just enough can', () => {
    const cause = (capacity: number) => {
      const scene = new DeskFixture().present({ id: 'ana', capacity })
      scene.open('small')
      scene.execute({ type: 'accept', requestId: 'small', staffId: 'ana' })
      scene.open('big', undefined, { weight: 2 })
      if (capacity > 2) scene.execute({ type: 'mute', requestId: 'big', staffId: 'ana' })
      return last(scene, 'request.unattended')
    }
    expect(cause(2)).toMatchObject({ requestId: 'big', cause: 'nobody-reachable' })
    expect(cause(3)).toMatchObject({ requestId: 'big', cause: 'all-muted' })
  })

  it('leaves no wrap-up behind when nobody had it', () => {
    const scene = new DeskFixture({ wrapUpMs: 60_000 }).present('ana')
    scene.open('r1')
    scene.execute({ type: 'cancel', requestId: 'r1', reason: null })
    expect(last(scene, 'request.closed')).toMatchObject({ staffId: null, wrapUpUntilAt: null })
    scene.open('r2')
    scene.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })
    scene.execute({ type: 'end', requestId: 'r2' })
    expect(last(scene, 'request.closed')).toMatchObject({ staffId: 'ana', wrapUpUntilAt: scene.at + 60_000 })
  })
})
