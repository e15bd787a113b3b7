import { describe, expect, it } from 'vitest'
import { type Facts, restoreState, toStateSnapshot, visitorFactsBytesMax } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('the limits of visitors', () => {
  it('[E15] refuses visitors whom it does not know beyond visitorsPerMinuteMax in a minute, and no others', () => {
    const scene = new DeskFixture({ visitorsPerMinuteMax: 2, visitorAlertTtlMs: 1_000_000 }).present('ana')
    const arrive = (visitorId: string) => scene.execute({ type: 'visitorArrived', visitorId, facts: {} }).ok
    scene.pass(60_000 - (scene.at % 60_000))
    expect(['v1', 'v2', 'v3'].map(arrive)).toEqual([true, true, false])
    scene.execute({ type: 'visitorLeft', visitorId: 'v1' })
    expect(['v1', 'v2', 'v4'].map(arrive)).toEqual([true, true, false])
    expect(scene.execute({ type: 'visitorArrived', visitorId: 'v4', facts: {} })).toEqual({
      ok: false,
      code: 'limit-exceeded',
      limit: 'visitorsPerMinuteMax',
      max: 2,
    })
    scene.pass(60_000)
    expect(['v3', 'v4', 'v5'].map(arrive)).toEqual([true, true, false])
    const restored = restoreState(toStateSnapshot(scene.state))
    expect(restored.visitorArrivals).toEqual({ minute: Math.floor(scene.at / 60_000), count: 2 })
  })

  it('[E16] refuses facts with which those of all visitors would exceed 64 MiB, and counts no forgotten ones', () => {
    const scene = new DeskFixture({ visitorAlertTtlMs: 1_000, visitorsPerMinuteMax: 100_000 })
    const facts = { text: 'x'.repeat(16 * 1_024 * 1_024) }
    const arrive = (visitorId: string, given: Facts = facts) =>
      scene.execute({ type: 'visitorArrived', visitorId, facts: given })
    for (const visitorId of ['v1', 'v2', 'v3']) expect(arrive(visitorId).ok).toBe(true)
    const refused = { ok: false, code: 'limit-exceeded', limit: 'visitorFactsBytesMax', max: visitorFactsBytesMax }
    expect(arrive('v4')).toEqual(refused)
    expect(arrive('v4', {})).toMatchObject({ ok: true })
    expect(arrive('v4')).toEqual(refused)
    expect(arrive('v3', { text: 'ö'.repeat(16 * 1_024 * 1_024) })).toEqual(refused)
    expect(arrive('v3', { text: 'ö' })).toMatchObject({ ok: true })
    expect(arrive('v4')).toMatchObject({ ok: true })
    const { bytes } = scene.state
    expect(restoreState(toStateSnapshot(scene.state)).bytes).toEqual(bytes)
    for (const visitorId of ['v1', 'v2', 'v3', 'v4']) scene.execute({ type: 'visitorLeft', visitorId })
    scene.pass(2_000)
    expect(scene.state.visitors.size).toBe(0)
    expect(bytes.visitorFacts).toBe(0)
  })

  it('[E16] lets the facts of all visitors be 64 MiB to the byte, and counts those that are replaced no more', () => {
    const scene = new DeskFixture()
    const arrive = (facts: Facts) => scene.execute({ type: 'visitorArrived', visitorId: 'v1', facts })
    const sizeOf = (facts: Facts) => Buffer.byteLength(JSON.stringify(facts))
    arrive({ page: '/shop' })
    scene.state.bytes.visitorFacts = visitorFactsBytesMax
    expect(arrive({ page: '/help' })).toMatchObject({ ok: true })
    expect(arrive({ page: '/help!' })).toMatchObject({ ok: false, limit: 'visitorFactsBytesMax' })
    expect(arrive({})).toMatchObject({ ok: true })
    expect(scene.state.bytes.visitorFacts).toBe(visitorFactsBytesMax - sizeOf({ page: '/help' }))
    expect(arrive({ page: '/hölp' })).toMatchObject({ ok: false, limit: 'visitorFactsBytesMax' })
    expect(arrive({ page: '/hölp'.slice(0, 4) })).toMatchObject({ ok: true })
  })
})
