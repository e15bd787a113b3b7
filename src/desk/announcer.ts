import { EventEmitter } from 'eventemitter3'
import { DeskError } from '../core'
import type { DeskEvents, DeskEventType } from './desk-events'

export type DeskListener<Type extends DeskEventType> = (notice: DeskEvents[Type]) => unknown

/**
 * Tells listeners, each of them guarded: what one throws, or rejects with, goes to `error` and stops no other. The
 * emitter is owned and never handed out, so that nobody else can forge a `ring`.
 */
export class Announcer {
  readonly #emitter = new EventEmitter<string>()
  #heard: ReadonlySet<string> = new Set()
  /** Whether anybody listens to domain events, under any of their types. */
  hearsFacts = false

  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    let hasLeft = false
    const guarded = (notice: DeskEvents[Type]) => {
      if (hasLeft) return // another listener of the same notice has sent it away
      try {
        const pending = listener(notice)
        if (isThenable(pending)) pending.then(undefined, (cause: unknown) => this.#failed(type, cause))
      } catch (cause) {
        this.#failed(type, cause)
      }
    }
    this.#emitter.on(type, guarded)
    this.#listen()
    return () => {
      hasLeft = true
      this.#emitter.off(type, guarded)
      this.#listen()
    }
  }

  /** Whether telling would be heard; spares making what nobody listens to. */
  hears(type: DeskEventType): boolean {
    return this.#heard.has(type)
  }

  tell<Type extends DeskEventType>(type: Type, notice: DeskEvents[Type]): void {
    const isHeard = this.#emitter.emit(type, notice)
    if (type === 'error' && !isHeard) console.error(notice)
  }

  clear(): void {
    this.#emitter.removeAllListeners()
    this.#listen()
  }

  #listen(): void {
    this.#heard = new Set(this.#emitter.eventNames() as string[])
    this.hearsFacts = [...this.#heard].some((type) => !notFacts.has(type))
  }

  /** A listener of `error` that fails has nobody left to tell but the console. */
  #failed(type: DeskEventType, cause: unknown): void {
    const error = new DeskError('listener-failed', `a listener of '${type}' failed: ${messageOf(cause)}`, cause)
    if (type === 'error') console.error(error)
    else this.tell('error', error)
  }
}

const notFacts = new Set(['ring','stop','visitor','command','error','position.changed','routing.degraded','desk.stale','desk.current','desk.reset'])

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}
