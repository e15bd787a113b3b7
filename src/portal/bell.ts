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
  const { channel = locks === undefined && Channel ? new Channel(lockName(portal)) : null } = options
  const { vibrate = (pattern) => navigator?.vibrate?.(pattern) } = options
  return new PulsingBell(portal, { ring, everyMs, locks: locks ?? null, channel, vibrate })
}

function lockName({ staffId }: Portal): string {
  return `frontbell:${staffId}`
}

type TimerHandle = ReturnType<typeof setTimeout> | undefined

class PulsingBell implements Bell {
  readonly #portal: Portal
  readonly #options: Required<BellOptions>
  readonly #listeners = new Listeners()
  readonly #unsubscribes: (() => void)[]
  #pulseTimer: TimerHandle
  #isLeading: boolean
  /** Ends the wait for the others' place, or the holding of it. */
  #election: AbortController | null = null
  #notifiedState = ''
  #isClosed = false
  /** Among tabs that hear of each other, the lowest that sounds goes on. */
  readonly #tabPriority = Math.random()
  #yieldTimer: TimerHandle

  constructor(portal: Portal, options: Required<BellOptions>) {
    this.#portal = portal
    this.#options = options
    this.#unsubscribes = [portal.subscribe(() => this.#update()), portal.onVisitor(() => this.#playVisitorSound())]
    const { channel, locks } = options
    this.#isLeading = locks === null
    if (channel !== null) channel.onmessage = ({ data }) => this.#yieldTo(data)
    globalThis.document?.addEventListener('freeze', () => this.#resign())
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
    this.#update()
    return may
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): void {
    for (const leave of this.#unsubscribes) leave()
    this.#isClosed = true
    this.#resign()
    this.#options.channel?.close()
    clearTimeout(this.#yieldTimer)
    this.#update()
  }

  /** Only a tab that may sound stands for election, so that a mute one never takes the others' place. */
  #standForElection(): void {
    const { locks } = this.#options
    if (locks === null || this.#election !== null || this.#isClosed) return
    this.#election = new AbortController()
    const { signal } = this.#election
    const hold = () => {
      this.#becomeLeader()
      return new Promise<void>((letGo) => signal.addEventListener('abort', () => letGo()))
    }
    locks.request(lockName(this.#portal), { signal }, hold).catch(() => signal.aborted || this.#becomeLeader())
  }

  #becomeLeader(): void {
    this.#isLeading = true
    this.#update()
  }

  /** A tab that freezes, or may sound no more, would hold the place in silence. */
  #resign(): void {
    this.#election?.abort()
    this.#election = null
    this.#isLeading = this.#options.locks === null
  }

  /** To a tab that sounds, until it is heard no more: closed, frozen or crashed. */
  #yieldTo(place: number): void {
    if (place >= this.#tabPriority) return
    clearTimeout(this.#yieldTimer)
    this.#isLeading = false
    this.#yieldTimer = setTimeout(() => this.#becomeLeader(), 1.5 * this.#options.everyMs)
    this.#update()
  }

  #update(): void {
    if (this.isBlocked) this.#resign()
    else this.#standForElection()
    const { state, isBlocked } = this
    if (state !== 'ringing') {
      clearTimeout(this.#pulseTimer)
      this.#pulseTimer = undefined
    } else if (this.#pulseTimer === undefined) this.#playPulse()
    const told = state + isBlocked
    if (told === this.#notifiedState) return
    this.#notifiedState = told
    this.#listeners.notify()
  }

  #playPulse(): void {
    this.#pulseTimer = setTimeout(() => {
      this.#pulseTimer = undefined
      this.#update()
    }, this.#options.everyMs)
    if (this.isBlocked) return
    const { ring, channel, vibrate } = this.#options
    channel?.postMessage(this.#tabPriority)
    ring.play({ kind: 'request', tone: this.#portal.getSnapshot().tone })
    vibrate?.([200, 100, 200])
  }

  #playVisitorSound(): void {
    if (this.#isLeading && !this.isBlocked) this.#options.ring.play({ kind: 'visitor', tone: null })
  }
}
