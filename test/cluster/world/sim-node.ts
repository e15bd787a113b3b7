import type { Clock, Desk, DeskOptions } from '../../../src'
import type { Means } from '../../../src/desk/node/means'
import { openDeskIn } from '../../../src/desk/open-desk'
import type { Agenda } from './agenda'
import type { Chance } from './chance'
import type { Engine, Safety } from './engine'
import { Wire } from './wire'

export interface NodeWorld {
  readonly agenda: Agenda
  readonly engine: Engine
  readonly chance: Chance
  readonly safety: Safety
  /** The true time, in milliseconds since the epoch. */
  readonly trueTime: () => number
  readonly options: Omit<DeskOptions, 'log' | 'clock' | 'newId'>
  readonly troubles: { lossShare: number; doubleShare: number; slowShare: number }
  readonly snapshotEntries: number
  /** A desk is open; nobody has asked it anything yet. */
  readonly opened: (node: SimNode, desk: Desk) => void
  readonly failed: (node: SimNode, error: unknown) => void
}

/** One process of the host, as far as a desk can tell. */
export class SimNode {
  readonly name: string
  desk: Desk | null = null
  isDead = true
  isCut = false
  /** Its clock against the true one. */
  skewMs = 0
  rate = 1
  readonly #world: NodeWorld
  #life = 0
  #isPaused = false
  #late: (() => void)[] = []

  constructor(name: string, world: NodeWorld) {
    this.name = name
    this.#world = world
  }

  /** The name of this life. */
  get incarnation(): string {
    return `${this.name}.${this.#life}`
  }

  get isUp(): boolean {
    return !this.isDead && this.desk !== null
  }

  start(): void {
    const { chance, safety, snapshotEntries, opened, failed } = this.#world
    this.#life += 1
    this.isDead = false
    this.#isPaused = false
    this.isCut = false
    this.#late = []
    const life = this.#life
    const log = new Wire(this.#world, this)
    let made = 0
    const means: Means = {
      elapsedMs: () => this.#world.agenda.now,
      after: (ms, then) => this.after(ms, then),
      random: chance.next,
      node: this.incarnation,
    }
    const node = { snapshotEntries, heals: safety.heals }
    const options = { ...this.#world.options, log, clock: this.#clock(), newId: () => `${this.incarnation}-${++made}` }
    openDeskIn({ means, node }, options).then(
      (desk) => {
        if (life !== this.#life || this.isDead) return
        this.desk = desk
        opened(this, desk)
      },
      (error: unknown) => {
        if (life !== this.#life || this.isDead) return
        this.isDead = true
        failed(this, error)
      },
    )
  }

  /** Stops in the middle of whatever it was waiting for: nothing comes to it any more. */
  crash(): void {
    this.isDead = true
    this.desk = null
    this.#late = []
  }

  pause(): void {
    this.#isPaused = true
  }

  /** All that should have come meanwhile comes now. */
  resume(): void {
    this.#isPaused = false
    const late = this.#late
    this.#late = []
    for (const each of late) this.#world.agenda.after(0, this.#inThisLife(each))
  }

  after(ms: number, then: () => void): () => void {
    return this.#world.agenda.after(ms / this.rate, this.#inThisLife(then))
  }

  /** The door of this life for what comes from outside: lost on a dead node, late on a paused one. */
  door(): (then: () => void) => void {
    const life = this.#life
    return (then) => {
      if (life === this.#life) this.#inThisLife(then)()
    }
  }

  #inThisLife(then: () => void): () => void {
    const life = this.#life
    return () => {
      if (this.isDead || life !== this.#life) return
      if (this.#isPaused) this.#late.push(then)
      else then()
    }
  }

  #clock(): Clock {
    const { trueTime } = this.#world
    const now = () => Math.floor(trueTime() * this.rate + this.skewMs)
    return { now, wakeAt: (at, wake) => this.after(Math.max(1, at - now()), wake) }
  }
}
