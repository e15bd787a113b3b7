import { type BellPlayer, webAudioPlayer } from './bell-player'
import { Listeners } from './listeners'
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
  readonly #listeners = new Listeners()
  readonly #ways: (() => void)[]
  #timer: Timer
  #isLeading: boolean
  /** Ends the wait for the others' place, or the holding of it. */
  #standing: AbortController | null = null
  #told = ''
  #isClosed = false
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
    globalThis.document?.addEventListener('freeze', () => this.#stepDown())
    void this.unlock()
  }

  get state(): BellState {
    if (this.#isClosed || this.#portal.getSnapshot().bell === 'silent') return 'silent'
    return this.#isLeading || this.isBlocked ? 'ringing' : 'elsewhere'
  }

  get isBlocked(): boolean {
    return this.#options.ring.isBlocked
  }

  async unlock(): Promise<boolean> {
    const may = await this.#options.ring.unlock()
    this.#follow()
    return may
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): void {
    for (const leave of this.#ways) leave()
    this.#isClosed = true
    this.#stepDown()
    this.#options.channel?.close()
    clearTimeout(this.#givingWay)
    this.#follow()
  }

  /** Only a tab that may sound stands for election, so that a mute one never takes the others' place. */
  #lead(): void {
    const { locks } = this.#options
    if (locks === null || this.#standing !== null || this.#isClosed) return
    this.#standing = new AbortController()
    const { signal } = this.#standing
    const hold = () => {
      this.#takeOver()
      return new Promise<void>((letGo) => signal.addEventListener('abort', () => letGo()))
    }
    locks.request(lockOf(this.#portal), { signal }, hold).catch(() => signal.aborted || this.#takeOver())
  }

  #takeOver(): void {
    this.#isLeading = true
    this.#follow()
  }

  /** A tab that freezes, or may sound no more, would hold the place in silence. */
  #stepDown(): void {
    this.#standing?.abort()
    this.#standing = null
    this.#isLeading = this.#options.locks === null
  }

  /** To a tab that sounds, until it is heard no more: closed, frozen or crashed. */
  #giveWay(place: number): void {
    if (place >= this.#place) return
    clearTimeout(this.#givingWay)
    this.#isLeading = false
    this.#givingWay = setTimeout(() => this.#takeOver(), 1.5 * this.#options.everyMs)
    this.#follow()
  }

  #follow(): void {
    if (this.isBlocked) this.#stepDown()
    else this.#lead()
    const { state, isBlocked } = this
    if (state !== 'ringing') {
      clearTimeout(this.#timer)
      this.#timer = undefined
    } else if (this.#timer === undefined) this.#pulse()
    const told = state + isBlocked
    if (told === this.#told) return
    this.#told = told
    this.#listeners.tell()
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
