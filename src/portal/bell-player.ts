/** What is heard once: a short sound of at most a second, never a loop. */
export interface Pulse {
  readonly kind: 'request' | 'visitor'
  /** The sound that the route asks for; `null` for the usual one. */
  readonly tone: string | null
}

/** What makes the sounds. */
export interface BellPlayer {
  play(pulse: Pulse): void
  /** Whether the browser refuses sound until the person has touched the page. */
  readonly isBlocked: boolean
  /** Asks again; to be called from a click or a key. Resolves with whether it may sound now. */
  unlock(): Promise<boolean>
}

export interface WebAudioOptions {
  /** Loudness from 0 to 1 by kind. Default 0.5 and 0.25. */
  readonly volumes?: Partial<Record<Pulse['kind'], number>>
  /** Notes in Hz by the name of a tone, `request` and `visitor` among them. */
  readonly tones?: Readonly<Record<string, readonly number[]>>
  /** Default: a new `AudioContext`, made at the first sound. */
  readonly context?: () => AudioContext
}

const noteSeconds = 0.16

/** Plays by Web Audio: every note is scheduled with its end, so that a tab that freezes falls silent by itself. */
export function webAudioPlayer(options: WebAudioOptions = {}): BellPlayer {
  const { volumes = {}, context: make = () => new AudioContext() } = options
  const tones: Readonly<Record<string, readonly number[]>> = {
    request: [880, 660, 880],
    visitor: [523, 784],
    ...options.tones,
  }
  let made: AudioContext | null = null
  const context = () => {
    made ??= make()
    return made
  }
  const isBlocked = () => context().state !== 'running'

  return {
    get isBlocked() {
      return isBlocked()
    },
    async unlock() {
      const late = new Promise((resolve) => setTimeout(resolve, 500))
      await Promise.race([context().resume(), late]).catch(() => {})
      return !isBlocked()
    },
    play({ kind, tone }) {
      const notes = tones[tone ?? kind] ?? tones[kind] ?? []
      const loudness = volumes[kind] ?? (kind === 'request' ? 0.5 : 0.25)
      notes.forEach((hertz, index) => {
        note(context(), { hertz, loudness, startAt: context().currentTime + index * noteSeconds })
      })
    },
  }
}

function note(context: AudioContext, of: { hertz: number; loudness: number; startAt: number }): void {
  const { hertz, loudness, startAt } = of
  const source = context.createOscillator()
  const gain = context.createGain()
  source.frequency.value = hertz
  gain.gain.setValueAtTime(0, startAt)
  gain.gain.linearRampToValueAtTime(loudness, startAt + 0.01)
  gain.gain.linearRampToValueAtTime(0, startAt + noteSeconds)
  source.connect(gain).connect(context.destination)
  source.start(startAt)
  source.stop(startAt + noteSeconds)
}
