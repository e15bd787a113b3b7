import { EventEmitter } from 'eventemitter3'
import { DeskError } from '../../core'
import type { DeskEvents, DeskEventType } from './desk-events'

export type DeskListener<Type extends DeskEventType> = (notification: DeskEvents[Type]) => unknown

/** Where notifications are emitted: to the listeners, or into a batch. */
export interface NotificationSink {
  /** Whether a notification of this type would reach a listener; spares making one that reaches none. */
  hasListeners(type: DeskEventType): boolean
  emit<Type extends DeskEventType>(type: Type, notification: DeskEvents[Type]): void
}

/**
 * Calls listeners, each of them guarded: what one throws, or rejects with, is emitted as `error` and stops no other. The
 * emitter is private, so that no other code can forge a `ring`.
 */
export class EventBus implements NotificationSink {
  readonly #emitter = new EventEmitter<string>()
  /** Kept, as it is read for every command. */
  #listenedTypes: ReadonlySet<string> = new Set()

  /** Returns an unsubscribe function. */
  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    let isActive = true
    const guarded = (notification: DeskEvents[Type]) => {
      if (!isActive) return // another listener of the same notification has unsubscribed it
      try {
        const pending = listener(notification)
        if (isThenable(pending)) pending.then(undefined, (cause: unknown) => this.#emitFailure(type, cause))
      } catch (cause) {
        this.#emitFailure(type, cause)
      }
    }
    this.#emitter.on(type, guarded)
    this.#updateListenedTypes()
    return () => {
      isActive = false
      this.#emitter.off(type, guarded)
      this.#updateListenedTypes()
    }
  }

  hasListeners(type: DeskEventType): boolean {
    return this.#listenedTypes.has(type)
  }

  /** An `error` without a listener is printed to the console. */
  emit<Type extends DeskEventType>(type: Type, notification: DeskEvents[Type]): void {
    const wasReceived = this.#emitter.emit(type, notification)
    if (type === 'error' && !wasReceived) console.error(notification)
  }

  removeAllListeners(): void {
    this.#emitter.removeAllListeners()
    this.#updateListenedTypes()
  }

  #updateListenedTypes(): void {
    this.#listenedTypes = new Set(this.#emitter.eventNames() as string[])
  }

  /** A listener of `error` that fails is printed to the console, as no other listener is left. */
  #emitFailure(type: DeskEventType, cause: unknown): void {
    const error = new DeskError('listener-failed', `a listener of '${type}' failed: ${errorMessageOf(cause)}`, cause)
    if (type === 'error') console.error(error)
    else this.emit('error', error)
  }
}

function errorMessageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}
