import { describe, expect, it } from 'vitest'
import { type DomainEvent, evolve, Metrics } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const minute = 60_000

describe('metrics', () => {
  it('have no figures for a desk where nothing has happened', () => {
    const { state } = new DeskFixture()
    expect(new Metrics().view(state, 0)).toMatchObject({ offered: 0, staff: [], teams: [], occupancy: null })
  })

  it('count no time twice when a history takes the place of one that went further', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('r1')
    const metrics = new Metrics()
    const { state, at } = scene
    metrics.resume(state)
    metrics.view(state, at + 10 * minute)
    metrics.resume(state)
    const accepted: DomainEvent = {
      type: 'request.accepted',
      requestId: 'r1',
      staffId: 'ana',
      assignmentId: 'r1/1',
      by: null,
      at: at + 10 * minute,
    }
    metrics.record(state, accepted, evolve(state, accepted))
    expect(metrics.view(state, at + 20 * minute).occupancy).toBeCloseTo(0.5)
  })
})
