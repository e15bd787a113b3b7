/** What is heard once: a short sound of at most a second, never a loop. */
export interface Sound {
  readonly kind: 'request' | 'visitor'
  /** The sound that the route asks for; `null` for the usual one. */
  readonly tone: string | null
}

/** What makes the sounds. */
export interface BellPlayer {
  play(pulse: Sound): void
  /** Whether the browser refuses sound until the person has touched the page. */
  readonly isBlocked: boolean
  /** Asks again; to be called from a click or a key. Resolves with whether it may sound now. */
  unlock(): Promise<boolean>
}

export interface WebAudioOptions {
  /** Loudness from 0 to 1 by kind. Default 0.5 and 0.25. */
  readonly volumes?: Partial<Record<Sound['kind'], number>>
  /** Notes in Hz by the name of a tone, `request` and `visitor` among them. */
  readonly tones?: Readonly<Record<string, readonly number[]>>
  /** Default: a new `AudioContext`, made at the first sound. */
  readonly context?: () => AudioContext
}

const noteSeconds = 0.16

/** Plays by Web Audio: every note is scheduled with its end, so that a tab that freezes falls silent by itself. */
export function webAudioPlayer(options: WebAudioOptions = {}): BellPlayer {
  const { context: make = () => new AudioContext() } = options
  const volumes = { request: 0.5, visitor: 0.25, ...options.volumes }
  const tones: Readonly<Record<string, readonly number[]>> = {
    request: [880, 660, 880],
    visitor: [523, 784],
    ...options.tones,
  }
  let made: AudioContext | undefined
  const audio = () => {
    made ??= make()
    return made
  }

  return {
    get isBlocked() {
      return audio().state !== 'running'
    },
    async unlock() {
      const late = new Promise((resolve) => setTimeout(resolve, 500))
      await Promise.race([audio().resume(), late]).catch(() => {})
      return !this.isBlocked
    },
    play({ kind, tone }) {
      const context = audio()
      let startAt = context.currentTime
      for (const hertz of tones[tone ?? kind] ?? tones[kind] ?? []) {
        const source = context.createOscillator()
        const loudness = context.createGain()
        source.frequency.value = hertz
        loudness.gain.setValueCurveAtTime([0, volumes[kind], volumes[kind], 0], startAt, noteSeconds)
        source.connect(loudness).connect(context.destination)
        source.start(startAt)
        startAt += noteSeconds
        source.stop(startAt)
      }
    },
  }
}
