import { describe, expect, it } from 'vitest'
import type { StoreBatch } from '../../src/store'
import { turnGapMs, turnMsMax, WriterTurns } from '../../src/store/writer-turns'

/** Asks for turns of 100 ms on a manual clock. */
function turnsOnClock() {
  const turns = new WriterTurns()
  const ask = (src: string, nowMs: number, turnMs = 100, isComplete = true) =>
    turns.request(batchOf(src, turnMs), nowMs, isComplete)
  return { turns, ask }
}

function batchOf(src: string, turnMs: number): StoreBatch {
  return { payload: { schema: 1, src, commands: [], events: [] }, notBeforeAt: null, turnMs }
}

describe('the turns of writers', () => {
  it('[L35] hold all writers back but the one that has the turn, until its time is over', () => {
    const { turns, ask } = turnsOnClock()
    expect(turns.waitMs('near', 1_000)).toBe(0)
    expect(ask('far', 1_000)).toBe(true)
    expect([turns.waitMs('near', 1_000), turns.waitMs('near', 1_099), turns.waitMs('near', 1_100)]).toEqual([100, 1, 0])
    expect(turns.waitMs('far', 1_050)).toBe(0)
    expect(turns.waitMs(undefined, 1_050)).toBe(50)
  })

  it('[L35] end with the entry of their writer, and begin again after a pause', () => {
    const { turns, ask } = turnsOnClock()
    expect(ask('far', 1_000)).toBe(true)
    turns.end('near', 1_010)
    expect(turns.waitMs('near', 1_010)).toBe(90)
    turns.end('far', 1_020)
    expect(turns.waitMs('near', 1_020)).toBe(0)
    expect(ask('far', 1_020 + turnGapMs - 1)).toBe(false)
    expect(ask('far', 1_020 + turnGapMs)).toBe(true)
  })

  it('[L35] begin after a pause also where the one before was not used', () => {
    const { ask } = turnsOnClock()
    expect(ask('far', 1_000)).toBe(true)
    expect(ask('other', 1_100 + turnGapMs - 1)).toBe(false)
    expect(ask('other', 1_100 + turnGapMs)).toBe(true)
  })

  it('[L35] go to the writer that has waited longest, as long as it is expected to ask again', () => {
    const { turns, ask } = turnsOnClock()
    expect([ask('a', 1_000), ask('b', 1_010), ask('c', 1_020)]).toEqual([true, false, false])
    turns.end('a', 1_050)
    expect([ask('a', 1_200), ask('c', 1_200), ask('b', 1_200)]).toEqual([false, false, true])
    turns.end('b', 1_250)
    expect([ask('a', 1_310), ask('c', 1_310)]).toEqual([false, true])
    turns.end('c', 1_350)
    expect(ask('b', 1_410)).toBe(false)
    expect(ask('b', 1_710)).toBe(true)
  })

  it('[L35] keep the place of a writer for the rest of a turn and four of its own, and not longer', () => {
    for (const [askedAt, isNext] of [
      [1_000 + 500 + 400 - 1, false],
      [1_000 + 500 + 400, true],
    ] as const) {
      const { ask } = turnsOnClock()
      expect([ask('long', 1_000, 500), ask('gone', 1_000)]).toEqual([true, false])
      expect(ask('next', askedAt)).toBe(isNext)
    }
  })

  it('[L35] forget that a writer waits once it has appended', () => {
    const { turns, ask } = turnsOnClock()
    expect([ask('far', 1_000), ask('lucky', 1_010)]).toEqual([true, false])
    turns.end('far', 1_020)
    turns.end('lucky', 1_030)
    expect(ask('next', 1_080)).toBe(true)
  })

  it('[L35] last one second at most, and twice as long for a writer that has more to read first', () => {
    const { turns, ask } = turnsOnClock()
    expect(ask('far', 1_000, 5_000)).toBe(true)
    expect(turns.waitMs('near', 1_000)).toBe(turnMsMax)
    const other = turnsOnClock()
    expect(other.ask('far', 1_000, 100, false)).toBe(false)
    expect(other.turns.waitMs('near', 1_000)).toBe(200)
    expect(other.ask('far', 1_050)).toBe(true)
  })

  it('[L35] hold nothing back after the clock was moved back, and give none without a writer or a length', () => {
    const { turns, ask } = turnsOnClock()
    expect(ask('far', 3_600_000)).toBe(true)
    expect(turns.waitMs('near', 1_000)).toBe(0)
    expect(ask('other', 1_000)).toBe(true)
    const { payload, notBeforeAt } = batchOf('far', 100)
    expect(turns.request({ payload, notBeforeAt }, 10_000)).toBe(false)
    expect(turns.request({ payload: { schema: 1, commands: [], events: [] }, notBeforeAt, turnMs: 9 }, 10_000)).toBe(
      false,
    )
  })
})
