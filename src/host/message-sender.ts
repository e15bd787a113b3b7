import type { ServerMessage } from '../portal'

/**
 * Delivers a message to the screen. If it returns a promise, nothing more is sent until that resolves; changes
 * meanwhile are then sent as one patch. After a rejected promise a snapshot is sent, 250 ms later at most; the wait
 * doubles with each further one.
 */
export type SendMessage = (message: ServerMessage) => unknown

export interface MessageSenderOptions {
  readonly send: SendMessage
  /** Returns the longest wait before the transport is tried again. */
  readonly retryMsMax: () => number
  /** Called when the next message may be sent. */
  readonly onReady: () => void
  /** Called when a message may be lost. */
  readonly onRejected: () => void
  /** Called when the transport throws. */
  readonly onFailed: () => void
}

/** A message that stands in no snapshot. */
interface SingleMessage {
  readonly message: ServerMessage
  /** How often it was sent. */
  readonly attempts: number
}

/** First wait before the transport is tried again after a rejected message; doubled after each further one. */
const retryMsMin = 250
/** How often a single message is sent, and how many of them may wait to be sent again. */
const sendAttemptsMax = 5
const rejectedMessagesMax = 128

/** Sends the messages of one connection, and repeats what its transport rejects. */
export class MessageSender {
  /** Number of messages that the transport has reported as delivered. */
  deliveredCount = 0
  readonly #options: MessageSenderOptions
  #rejectedMessages: readonly SingleMessage[] = []
  /** Number of messages that the transport is still delivering. */
  #pendingCount = 0
  /** Whether the transport has rejected a message since there was last none to deliver. */
  #isRejected = false
  /** How often in succession the transport has rejected messages. */
  #rejections = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(options: MessageSenderOptions) {
    this.#options = options
  }

  /** Whether nothing may be sent, because the transport is still delivering. */
  get isBusy(): boolean {
    return this.#pendingCount > 0
  }

  /** Whether a message is not delivered: the transport has it, or has rejected it. */
  get isUndelivered(): boolean {
    return this.#pendingCount + this.#rejections > 0
  }

  send(message: ServerMessage): void {
    this.#attempt({ message, attempts: 1 })
  }

  /** Sends the rejected messages of a type again. A screen ignores what it has already. */
  repeat(type: ServerMessage['type']): void {
    const repeated = this.#rejectedMessages.filter(({ message }) => message.type === type)
    this.#rejectedMessages = this.#rejectedMessages.filter((each) => !repeated.includes(each))
    for (const { message, attempts } of repeated) this.#attempt({ message, attempts: attempts + 1 })
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
  }

  #attempt(sent: SingleMessage): void {
    if (this.#isClosed) return
    try {
      const delivery = this.#options.send(sent.message)
      if (delivery instanceof Promise) this.#track(delivery, sent)
    } catch {
      this.#options.onFailed()
    }
  }

  #track(delivery: Promise<unknown>, sent: SingleMessage): void {
    this.#pendingCount += 1
    const onDelivered = () => {
      this.deliveredCount += 1
    }
    delivery.then(onDelivered, () => this.#handleRejected(sent)).then(() => this.#handleSettled())
  }

  #handleRejected(sent: SingleMessage): void {
    this.#isRejected = true
    this.#options.onRejected()
    const { type } = sent.message
    const isSingle = type === 'answer' || type === 'visitor' || type === 'revoked'
    if (!isSingle || sent.attempts >= sendAttemptsMax || this.#rejectedMessages.length >= rejectedMessagesMax) return
    this.#rejectedMessages = [...this.#rejectedMessages, sent]
  }

  #handleSettled(): void {
    this.#pendingCount -= 1
    if (this.#pendingCount > 0) return
    if (this.#isRejected) return this.#scheduleRetry()
    this.#rejections = 0
    this.#options.onReady()
  }

  #scheduleRetry(): void {
    const waitMs = Math.min(retryMsMin * 2 ** this.#rejections, this.#options.retryMsMax())
    this.#isRejected = false
    this.#rejections += 1
    clearTimeout(this.#retryTimer)
    if (this.#isClosed) return
    this.#retryTimer = setTimeout(this.#options.onReady, waitMs)
    unref(this.#retryTimer)
  }
}

/** Keeps a timer from holding a Node process open. */
export function unref(timer: unknown): void {
  const { unref: release } = timer as { unref?: () => void }
  release?.call(timer)
}
