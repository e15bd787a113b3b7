/** A short sound of at most a second, never a loop. */
export interface Sound {
  readonly kind: 'request' | 'visitor'
  /** The tone that the route names; `null` for the default one. */
  readonly tone: string | null
}

/** What makes the sounds. */
export interface BellPlayer {
  play(sound: Sound): void
  /** Whether the browser refuses sound until the person has touched the page. */
  readonly isBlocked: boolean
  /**
   * Asks the browser for permission again; call it from a click or key handler. Resolves to whether sound is allowed.
   */
  unlock(): Promise<boolean>
}

export interface WebAudioOptions {
  /** Loudness from 0 to 1 by kind. Default 0.5 and 0.25. */
  readonly volumes?: Partial<Record<Sound['kind'], number>>
  /** Notes in Hz by the name of a tone, `request` and `visitor` among them. */
  readonly tones?: Readonly<Record<string, readonly number[]>>
  /** Default: a new `AudioContext`, created at the first sound. */
  readonly context?: () => AudioContext
}

const noteSeconds = 0.16

/** Returns a player that uses Web Audio. Every note is scheduled with its end, so that a frozen tab falls silent. */
export function webAudioPlayer(options: WebAudioOptions = {}): BellPlayer {
  const { context: createContext = () => new AudioContext() } = options
  const volumes = { request: 0.5, visitor: 0.25, ...options.volumes }
  const tones: Readonly<Record<string, readonly number[]>> = {
    request: [880, 660, 880],
    visitor: [523, 784],
    ...options.tones,
  }
  let context: AudioContext | undefined
  const audio = () => {
    context ??= createContext()
    return context
  }

  return {
    get isBlocked() {
      return audio().state !== 'running'
    },
    async unlock() {
      const timeout = new Promise((resolve) => setTimeout(resolve, 500))
      await Promise.race([audio().resume(), timeout]).catch(() => {})
      return !this.isBlocked
    },
    play({ kind, tone }) {
      const output = audio()
      let startAt = output.currentTime
      for (const hertz of tones[tone ?? kind] ?? tones[kind] ?? []) {
        const source = output.createOscillator()
        const gain = output.createGain()
        source.frequency.value = hertz
        gain.gain.setValueCurveAtTime([0, volumes[kind], volumes[kind], 0], startAt, noteSeconds)
        source.connect(gain).connect(output.destination)
        source.start(startAt)
        startAt += noteSeconds
        source.stop(startAt)
      }
    },
  }
}
