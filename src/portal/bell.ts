import { type BellPlayer, webAudioPlayer } from './bell-player'
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
  /** Elects the one tab that sounds. Default: the browser's Web Locks. `null`: every tab sounds. */
  readonly locks?: BellLocks | null
  /** Where tabs hear of each other without Web Locks. Default: a `BroadcastChannel`, where there is one. */
  readonly channel?: BellChannel | null
  /** Shakes a phone with each pulse. Default: `navigator.vibrate`, where there is one; `null`: never. */
  readonly vibrate?: ((pattern: number[]) => unknown) | null
}

export interface BellLocks {
  request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

export interface BellChannel {
  onmessage: ((event: MessageEvent<number>) => void) | null
  postMessage(place: number): void
  close(): void
}

/**
 * Pulses while `portal`'s bell is on: one short scheduled sound after another, each only if it still rings. So a tab
 * that is frozen falls silent, and one whose connection drops does at once.
 */
export function createBell(portal: Portal, options: BellOptions = {}): Bell {
  const { ring = webAudioPlayer(), everyMs = 2_000 } = options
  const { navigator, BroadcastChannel: Channel } = globalThis
  const { locks = navigator?.locks as BellLocks | undefined } = options
  const { channel = locks === undefined && Channel ? new Channel(lockOf(portal)) : null } = options
  const { vibrate = (pattern) => navigator?.vibrate?.(pattern) } = options
  return new PulsingBell(portal, { ring, everyMs, locks: locks ?? null, channel, vibrate })
}

function lockOf({ staffId }: Portal): string {
  return `frontbell:${staffId}`
}

type Timer = ReturnType<typeof setTimeout> | undefined

class PulsingBell implements Bell {
  readonly #portal: Portal
  readonly #options: Required<BellOptions>
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #ways: (() => void)[]
  #timer: Timer
  #isLeading: boolean
  /** Waits for the others' place, or has it. */
  #isStanding = false
  #told = ''
  /** Among tabs that hear of each other, the lowest that sounds goes on. */
  readonly #place = Math.random()
  #givingWay: Timer

  constructor(portal: Portal, options: Required<BellOptions>) {
    this.#portal = portal
    this.#options = options
    this.#ways = [portal.subscribe(() => this.#follow()), portal.onVisitor(() => this.#chime())]
    const { channel, locks } = options
    this.#isLeading = locks === null
    if (channel !== null) channel.onmessage = ({ data }) => this.#giveWay(data)
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
    this.#options.channel?.close()
    clearTimeout(this.#givingWay)
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
      return new Promise<void>((letGo) => signal.addEventListener('abort', () => letGo()))
    }
    locks.request(lockOf(this.#portal), { signal }, hold).catch(() => {
      this.#isLeading = !signal.aborted
    })
  }

  /** To a tab that sounds, until it is heard no more: closed, frozen or crashed. */
  #giveWay(place: number): void {
    if (place >= this.#place || this.#closing.signal.aborted) return
    clearTimeout(this.#givingWay)
    this.#isLeading = false
    this.#givingWay = setTimeout(() => {
      this.#isLeading = true
      this.#follow()
    }, 1.5 * this.#options.everyMs)
    this.#follow()
  }

  #follow(): void {
    const { state, isBlocked } = this
    if (state !== 'ringing') {
      clearTimeout(this.#timer)
      this.#timer = undefined
    } else if (this.#timer === undefined) this.#pulse()
    const told = state + isBlocked
    if (told === this.#told) return
    this.#told = told
    for (const listener of [...this.#listeners]) listener()
  }

  #pulse(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#follow()
    }, this.#options.everyMs)
    if (this.isBlocked) return
    const { ring, channel, vibrate } = this.#options
    channel?.postMessage(this.#place)
    ring.play({ kind: 'request', tone: this.#portal.getSnapshot().tone })
    vibrate?.([200, 100, 200])
  }

  #chime(): void {
    if (this.#isLeading && !this.isBlocked) this.#options.ring.play({ kind: 'visitor', tone: null })
  }
}
