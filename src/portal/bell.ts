import { type BellPlayer, type Pulse, webAudioPlayer } from './bell-player'
import type { Portal } from './portal'

/** Sounds while something rings, and once for each visitor. Made by `createBell`. */
export interface Bell {
  /** `ringing`: it should be heard in this tab. `elsewhere`: another tab of this person sounds. */
  readonly state: BellState
  /** Whether the browser refuses sound: offer a button that calls `unlock`. */
  readonly isBlocked: boolean
  /** From a click or a key. */
  unlock(): Promise<boolean>
  /** Told when `state` or `isBlocked` changes. Returns the way out. */
  subscribe(listener: () => void): () => void
  /** Silent for good. */
  close(): void
}

export type BellState = 'silent' | 'ringing' | 'elsewhere'

export interface BellOptions {
  /** Makes the sounds. Default: `webAudioPlayer()`. */
  readonly ring?: BellPlayer
  /** From one pulse to the next. Default 2000. */
  readonly everyMs?: number
  /** Default: `setTimeout` and `clearTimeout`. */
  readonly timer?: BellTimer
  /** Elects the one tab that sounds. Default: the browser's Web Locks; without them every tab sounds. */
  readonly locks?: BellLocks | null
}

export interface BellTimer {
  set(run: () => void, ms: number): unknown
  clear(timer: unknown): void
}

export interface BellLocks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

const systemTimer: BellTimer = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

/**
 * Pulses while `portal`'s bell is on: one short scheduled sound after another, each only if it still rings. So a tab
 * that is frozen falls silent, and one whose connection drops does at once.
 */
export function createBell(portal: Portal, options: BellOptions = {}): Bell {
  const { ring = webAudioPlayer(), everyMs = 2_000, timer = systemTimer } = options
  const { locks = globalThis.navigator?.locks as BellLocks | undefined } = options
  return new PulsingBell(portal, { ring, everyMs, timer, locks: locks ?? null })
}

class PulsingBell implements Bell {
  readonly #portal: Portal
  readonly #options: Required<BellOptions>
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #ways: (() => void)[]
  #timer: unknown = null
  #isLeading: boolean
  /** Waits for the others' place, or has it. */
  #isStanding = false
  #told = ''
  #letGo = () => {}

  constructor(portal: Portal, options: Required<BellOptions>) {
    this.#portal = portal
    this.#options = options
    this.#isLeading = options.locks === null
    this.#ways = [portal.subscribe(() => this.#follow()), portal.onVisitor(() => this.#chime())]
    void this.unlock()
  }

  get state(): BellState {
    if (this.#closing.signal.aborted || this.#portal.getSnapshot().bell === 'silent') return 'silent'
    return this.#isLeading || this.isBlocked ? 'ringing' : 'elsewhere'
  }

  get isBlocked(): boolean {
    return this.#options.ring.isBlocked
  }

  async unlock(): Promise<boolean> {
    const may = await this.#options.ring.unlock()
    if (may) this.#lead()
    this.#follow()
    return may
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    for (const leave of this.#ways) leave()
    this.#closing.abort()
    this.#letGo()
    this.#follow()
  }

  /** Only a tab that may sound stands for election, so that a mute one never takes the others' place. */
  #lead(): void {
    const { locks } = this.#options
    const { signal } = this.#closing
    if (locks === null || this.#isLeading || signal.aborted || this.#isStanding) return
    this.#isStanding = true
    const hold = () => {
      this.#isLeading = true
      this.#follow()
      return new Promise<void>((letGo) => {
        this.#letGo = letGo
      })
    }
    locks.request(`frontbell:${this.#portal.staffId}`, { signal }, hold).catch(() => {
      this.#isLeading = !signal.aborted
    })
  }

  #follow(): void {
    if (this.state !== 'ringing') this.#silence()
    else if (this.#timer === null) this.#pulse()
    const told = `${this.state} ${this.isBlocked}`
    if (told === this.#told) return
    this.#told = told
    for (const listener of [...this.#listeners]) listener()
  }

  #pulse(): void {
    const { timer, everyMs } = this.#options
    this.#timer = timer.set(() => {
      this.#timer = null
      this.#follow()
    }, everyMs)
    this.#play({ kind: 'request', tone: this.#portal.getSnapshot().tone })
  }

  #silence(): void {
    if (this.#timer !== null) this.#options.timer.clear(this.#timer)
    this.#timer = null
  }

  #chime(): void {
    if (this.#isLeading) this.#play({ kind: 'visitor', tone: null })
  }

  #play(pulse: Pulse): void {
    if (!this.isBlocked) this.#options.ring.play(pulse)
  }
}
