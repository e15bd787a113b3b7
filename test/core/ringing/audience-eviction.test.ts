import { describe, expect, it } from 'vitest'
import { DeskFixture } from '../desk-fixture'

describe('audiences of many targets', () => {
  it('differ by whom they leave out', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, { id: 'bo', teams: ['a'] })
    scene.open('r1', { to: { team: 'a', not: { staff: 'ana' } } })
    scene.open('r2', { to: { team: 'a', not: { staff: 'bo' } } })
    scene.open('r3', { to: { team: 'a' } })
    expect(scene.takeEdges()).toEqual(['ring r1: bo', 'ring r2: ana', 'ring r3: ana bo'])
  })

  it('are forgotten when many others came and no request uses them, and come back when one does', () => {
    const scene = new DeskFixture().present('ana')
    scene.open('kept', { to: { staff: ['ana', 'first'] } })
    for (let index = 0; index < 600; index += 1) {
      scene.open(`r${index}`, { to: { staff: ['ana', `s${index}`] } })
      scene.execute({ type: 'cancel', requestId: `r${index}`, reason: null })
    }
    expect(scene.state.audiences.size).toBeLessThanOrEqual(257)
    scene.takeEdges()
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'away' })
    expect(scene.takeEdges()).toEqual(['stop kept: ana (unavailable)'])
    scene.execute({ type: 'setAvailability', staffId: 'ana', availability: 'available' })
    scene.open('again', { to: { staff: ['ana', 's0'] } })
    expect(scene.takeEdges()).toEqual(['ring kept: ana', 'ring again: ana'])
  })
})
