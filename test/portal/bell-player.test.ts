import { afterEach, describe, expect, it, vi } from 'vitest'
import { webAudioPlayer } from '../../src/portal'

afterEach(() => {
  vi.useRealTimers()
})

describe('the sounds', () => {
  it('[B7] schedules every note of a sound with its end', () => {
    const { context, notes } = silentContext()
    webAudioPlayer({ context: () => context }).play({ kind: 'request', tone: null })
    expect(notes).toHaveLength(3)
    for (const { startAt, stopAt } of notes) expect((stopAt ?? Infinity) - (startAt ?? 0)).toBeLessThan(0.5)
    expect(Math.max(...notes.map(({ stopAt }) => stopAt ?? Infinity))).toBeLessThanOrEqual(11)
  })

  it('[B14] differ for a request, a visitor and each tone, each with its configured volume', () => {
    const { context, notes } = silentContext()
    const player = webAudioPlayer({ context: () => context, tones: { urgent: [1_200] }, volumes: { visitor: 0.1 } })
    const played = (kind: 'request' | 'visitor', tone: string | null) => {
      notes.length = 0
      player.play({ kind, tone })
      return notes.map(({ hertz, loudness }) => [hertz, loudness])
    }
    const defaultTone = played('request', null)
    expect(defaultTone).toEqual([
      [880, 0.5],
      [660, 0.5],
      [880, 0.5],
    ])
    expect(played('visitor', null)).toEqual([
      [523, 0.1],
      [784, 0.1],
    ])
    expect(played('request', 'urgent')).toEqual([[1_200, 0.5]])
    expect(played('request', 'unknown')).toEqual(defaultTone)
  })

  it('[B15] are blocked until the browser allows them, and report so', async () => {
    const { context } = silentContext()
    Object.assign(context, { state: 'suspended', resume: () => Promise.reject(new Error('NotAllowedError')) })
    const player = webAudioPlayer({ context: () => context })
    expect(player.isBlocked).toBe(true)
    expect(await player.unlock()).toBe(false)
    Object.assign(context, { resume: async () => Object.assign(context, { state: 'running' }) })
    expect(await player.unlock()).toBe(true)
    expect(player.isBlocked).toBe(false)
  })

  it('[B15] stay blocked in a browser that does not answer', async () => {
    vi.useFakeTimers()
    const { context } = silentContext()
    Object.assign(context, { state: 'suspended', resume: () => new Promise(() => {}) })
    const answer = webAudioPlayer({ context: () => context }).unlock()
    await vi.advanceTimersByTimeAsync(500)
    expect(await answer).toBe(false)
  })
})

interface Note {
  hertz?: number
  loudness?: number
  startAt?: number
  stopAt?: number
}

/** The part of an `AudioContext` that a note needs, at second 10. */
function silentContext() {
  const notes: Note[] = []
  const context = {
    state: 'running',
    currentTime: 10,
    destination: {},
    createGain: () => ({ gain: { setValueCurveAtTime: loudest }, connect: () => {} }),
    createOscillator: () => {
      const note: Note = {}
      notes.push(note)
      const frequency = {
        set value(hertz: number) {
          note.hertz = hertz
        },
      }
      const start = (at: number) => {
        note.startAt = at
      }
      const stop = (at: number) => {
        note.stopAt = at
      }
      return { frequency, connect: (to: unknown) => to, start, stop }
    },
  }
  function loudest(curve: readonly number[]) {
    Object.assign(notes.at(-1) ?? {}, { loudness: Math.max(...curve) })
    expect([curve[0], curve.at(-1)]).toEqual([0, 0])
  }
  return { context: context as unknown as AudioContext, notes }
}
