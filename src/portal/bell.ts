import { type BellPlayer, webAudioPlayer } from './bell-player'
import { guarded, Listeners } from './listeners'
import type { Portal } from './portal'

/** Sounds while something rings, and once for each visitor. Made by `createBell`. */
export interface Bell {
  /**
   * `ringing`: this tab sounds, or would if the browser allowed it. `elsewhere`: another tab of this staff member does.
   */
  readonly state: BellState
  /** Whether the browser refuses sound. If so, show a button that calls `unlock`. */
  readonly isBlocked: boolean
  /** Asks the browser for permission; call it from a click or key handler. Resolves to whether sound is allowed. */
  unlock(): Promise<boolean>
  /** Calls `listener` when `state` or `isBlocked` changes. Returns an unsubscribe function. */
  subscribe(listener: () => void): () => void
  /** Stops the sound for good. */
  close(): void
}

export type BellState = 'silent' | 'ringing' | 'elsewhere'

export interface BellOptions {
  /** Plays the sounds. Default: `webAudioPlayer()`. */
  readonly ring?: BellPlayer
  /** Interval between two sounds of a ringing bell. Default 2000. */
  readonly everyMs?: number
  /** Elects the one tab that sounds. Default: the browser's Web Locks. `null`: every tab sounds. */
  readonly locks?: BellLocks | null
  /** Coordinates tabs where Web Locks are missing. Default: a `BroadcastChannel`, if the browser has it. */
  readonly channel?: BellChannel | null
  /** Vibrates a phone with each sound. Default: `navigator.vibrate`, if the browser has it; `null`: never. */
  readonly vibrate?: ((pattern: number[]) => unknown) | null
}

export interface BellLocks {
  request(name: string, options: { signal: AbortSignal }, onGranted: () => Promise<void>): Promise<unknown>
}

export interface BellChannel {
  onmessage: ((event: MessageEvent<number>) => void) | null
  postMessage(tabPriority: number): void
  close(): void
}

/**
 * Returns a bell that plays one short sound after another while `portal`'s bell is on. Each sound checks first that the
 * bell is still on: a frozen tab falls silent, and so does, at once, a tab whose connection drops.
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
  /** Aborting it withdraws this tab's candidacy, or gives up its leadership. */
  #election: AbortController | null = null
  #notifiedState = ''
  #isClosed = false
  /** Among tabs on one channel, the one with the lowest number keeps sounding. */
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
    const isUnlocked = await this.#options.ring.unlock()
    this.#update()
    return isUnlocked
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe()
    this.#isClosed = true
    this.#resign()
    this.#options.channel?.close()
    clearTimeout(this.#yieldTimer)
    this.#update()
  }

  /** Only a tab that may play sound is a candidate: a blocked one must not win the election and stay silent. */
  #standForElection(): void {
    const { locks } = this.#options
    if (locks === null || this.#election !== null || this.#isClosed) return
    this.#election = new AbortController()
    const { signal } = this.#election
    const lead = () => {
      this.#becomeLeader()
      return new Promise<void>((release) => signal.addEventListener('abort', () => release()))
    }
    locks.request(lockName(this.#portal), { signal }, lead).catch(() => signal.aborted || this.#becomeLeader())
  }

  #becomeLeader(): void {
    this.#isLeading = true
    this.#update()
  }

  /** Gives up leadership: a tab that freezes, or may no longer play sound, would lead in silence. */
  #resign(): void {
    this.#election?.abort()
    this.#election = null
    this.#isLeading = this.#options.locks === null
  }

  /** Stays silent for a tab of higher precedence until its messages stop, because it was closed, frozen or crashed. */
  #yieldTo(tabPriority: number): void {
    if (tabPriority >= this.#tabPriority) return
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
    const shownState = state + isBlocked
    if (shownState === this.#notifiedState) return
    this.#notifiedState = shownState
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
    guarded(() => ring.play({ kind: 'request', tone: this.#portal.getSnapshot().tone }))
    guarded(() => vibrate?.([200, 100, 200]))
  }

  #playVisitorSound(): void {
    if (this.#isLeading && !this.isBlocked) this.#options.ring.play({ kind: 'visitor', tone: null })
  }
}
