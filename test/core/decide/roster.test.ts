import { describe, expect, it } from 'vitest'
import { DeskFixture } from '../desk-fixture'

/** A desk where Bo has r1 and r4, and Ana has r2 and r3; r3 is served before the others. */
function withChats(): DeskFixture {
  const scene = new DeskFixture({ capacity: 10 }).present('ana', 'bo', 'cy')
  for (const id of ['r1', 'r2', 'r3', 'r4']) scene.open(id, undefined, { priority: id === 'r3' ? 1 : 0 })
  for (const [requestId, staffId] of Object.entries({ r4: 'bo', r3: 'ana', r2: 'ana', r1: 'bo' }))
    scene.execute({ type: 'accept', requestId, staffId })
  scene.events.length = 0
  return scene
}

const summaryOf = (scene: DeskFixture) =>
  scene.events.map((event) => {
    if (event.type === 'staff.set') return `set ${event.staff.id}`
    if (event.type === 'staff.removed') return `removed ${event.staffId}`
    return event.type === 'request.released' ? `released ${event.requestId} of ${event.by}: ${event.cause}` : event.type
  })

describe('setRoster', () => {
  it('[D76] sets who is new or changed, removes all others, and releases their chats in the order of service', () => {
    const scene = withChats()
    scene.execute({ type: 'setRoster', staff: [{ id: 'cy', capacity: 5 }, { id: 'di' }] })
    expect(summaryOf(scene)).toEqual([
      ...['set cy', 'set di', 'removed ana', 'removed bo'],
      ...['r3 of ana', 'r1 of bo', 'r2 of ana', 'r4 of bo'].map((chat) => `released ${chat}: staff-removed`),
    ])
    expect([...scene.state.staff.keys()]).toEqual(['cy', 'di'])
  })

  it('[D76] changes nothing for the staff that it finds', () => {
    const scene = withChats()
    scene.execute({ type: 'setRoster', staff: [{ id: 'bo' }, { id: 'cy' }, { id: 'ana' }] })
    expect(scene.events).toEqual([])
    scene.execute({ type: 'setRoster', staff: [{ id: 'bo' }, { id: 'ana' }] })
    expect(summaryOf(scene)).toEqual(['removed cy'])
  })
})
