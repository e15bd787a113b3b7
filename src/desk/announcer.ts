import { EventEmitter } from 'eventemitter3'
import { DeskError } from '../core'
import type { DeskEvents, DeskEventType } from './desk-events'
import { isKnownEvent } from './node/known-event'

export type DeskListener<Type extends DeskEventType> = (notice: DeskEvents[Type]) => unknown

/**
 * Tells listeners, each of them guarded: what one throws, or rejects with, goes to `error` and stops no other. The
 * emitter is owned and never handed out, so that nobody else can forge a `ring`.
 */
export class Announcer {
  readonly #emitter = new EventEmitter<string>()
  #heard: ReadonlySet<string> = new Set()
  /** Asked at every command, and so kept. */
  #hearsDomainEvents = false
  #hearsCommands = false
  #hearsMoves = false

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

  /** Whether any domain event would be heard, under its own type or under all of them. */
  get hearsDomainEvents(): boolean {
    return this.#hearsDomainEvents
  }

  get hearsCommands(): boolean {
    return this.#hearsCommands
  }

  get hearsMoves(): boolean {
    return this.#hearsMoves
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
    this.#hearsDomainEvents = [...this.#heard].some((type) => type === 'event' || isKnownEvent(type))
    this.#hearsCommands = this.hears('command')
    this.#hearsMoves = this.hears('position.changed')
  }

  /** A listener of `error` that fails has nobody left to tell but the console. */
  #failed(type: DeskEventType, cause: unknown): void {
    const error = new DeskError('listener-failed', `a listener of '${type}' failed: ${messageOf(cause)}`, cause)
    if (type === 'error') console.error(error)
    else this.tell('error', error)
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}
