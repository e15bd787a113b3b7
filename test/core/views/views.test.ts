import { describe, expect, it } from 'vitest'
import { requestView, staffView } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('the view of a staff member', () => {
  it('names them by their id, and nothing else, where the roster says no more', () => {
    const scene = new DeskFixture({ capacity: 5 }).absent('ana')
    expect(staffView(scene.state, 'ana')).toEqual({
      staffId: 'ana',
      name: 'ana',
      teams: [],
      skills: {},
      shifts: [],
      capacity: 5,
      load: 0,
      availability: 'available',
      isPresent: false,
    })
    expect(staffView(scene.state, 'zoe')).toBeUndefined()
  })

  it('says what the roster says, and what they have in hand', () => {
    const ana = { id: 'ana', name: 'Ana', teams: ['servers'], skills: { linux: 2 }, shifts: ['day'], capacity: 3 }
    const scene = new DeskFixture().present(ana)
    scene.open('r1', undefined, { weight: 2 })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    const { id: staffId, ...said } = ana
    expect(staffView(scene.state, 'ana')).toEqual({ staffId, ...said, load: 2, availability: 'away', isPresent: true })
    expect(requestView(scene.state, 'r1')).toMatchObject({
      phase: 'assigned',
      weight: 2,
      assignment: { assignmentId: 'r1/1', staffId: 'ana', at: scene.at },
    })
  })
})
