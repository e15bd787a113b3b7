import { describe, expect, it } from 'vitest'
import {
  DeskError,
  explainStaff,
  formatPath,
  InvalidInputError,
  restoreState,
  toStateSnapshot,
} from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('errors', () => {
  it('are known by their name and code, and keep their cause', () => {
    const cause = new Error('disk full')
    const failed = new DeskError('store-failed', 'the log failed', cause)
    expect(`${failed}`).toBe('DeskError: the log failed')
    expect([failed.code, failed.cause]).toEqual(['store-failed', cause])
    const issue = { path: ['a', 'b'], expected: 'text', got: '5' }
    const invalid = new InvalidInputError([issue, { path: [], expected: 'an object', got: 'null' }], { cause })
    expect(`${invalid}`).toBe('InvalidInputError: a.b: expected text, got 5\ninput: expected an object, got null')
    expect([invalid.code, invalid.cause, invalid.issues.length]).toEqual(['invalid-input', cause, 2])
  })

  it('write paths as a reader would, and shorten what nobody would read', () => {
    expect(formatPath(['workflows', 3, 'event', 'params', 'afterMs'])).toBe('workflows[3].event.params.afterMs')
    expect(formatPath([0, 'a b', 'c'])).toBe('[0]["a b"].c')
    expect(formatPath(['a'.repeat(64), 'b'.repeat(65)])).toBe(`${'a'.repeat(64)}["${'b'.repeat(64)}"]`)
    expect(formatPath([])).toBe('input')
  })
})

describe('why somebody is not rung', () => {
  const reason = (scene: DeskFixture, staffId: string) => {
    const row = explainStaff(scene.state, 'r1').find((each) => each.staffId === staffId)
    return row?.reason
  }

  it('is found at whichever step reaches them', () => {
    const scene = new DeskFixture().present({ id: 'ana', teams: ['a'] }, { id: 'bo', teams: ['b'] })
    scene.open('r1', { steps: [{ to: { team: 'a' } }, { to: { team: 'b' }, afterMs: 1_000 }] })
    scene.pass(1_000)
    scene.execute({ type: 'mute', requestId: 'r1', staffId: 'bo' })
    expect(reason(scene, 'bo')).toBe('muted')
  })

  it('is that they are full only where they have no room for this one', () => {
    const scene = new DeskFixture().present(
      { id: 'ana', capacity: 9 },
      { id: 'bo', capacity: 2 },
      { id: 'cy', capacity: 1 },
    )
    const listed = { steps: [{ to: 'everyone', ring: { order: 'listed' } }] } as const
    scene.open('busy')
    scene.execute({ type: 'assign', requestId: 'busy', staffId: 'bo', by: 'boss' })
    scene.open('busy2')
    scene.execute({ type: 'assign', requestId: 'busy2', staffId: 'cy', by: 'boss' })
    scene.open('r1', listed)
    expect([reason(scene, 'bo'), reason(scene, 'cy')]).toEqual(['not-offered', 'full'])
  })
})

describe('a snapshot of somebody on the phone', () => {
  it('keeps what a chat has behind it', () => {
    const scene = new DeskFixture().present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'decline', requestId: 'r1', staffId: 'bo', reason: null })
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    const again = restoreState(JSON.parse(JSON.stringify(toStateSnapshot(scene.state))))
    expect([...(again.requests.get('r1')?.detail?.declines ?? [])]).toEqual(['bo'])
    expect(again.requests.get('r1')?.assignment?.staff.id).toBe('ana')
  })
})
