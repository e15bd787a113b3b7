import type { ScreenOperation } from '../core'
import type { ServerMessage, UpdateMessage } from '../portal'

/**
 * Delivers a message to the screen. `text()` returns it as JSON, encoded once for all screens that get the same
 * message. If it returns a promise, nothing more is sent until that resolves; changes meanwhile are then sent as one
 * update. After a rejected promise a snapshot is sent, 250 ms later at most; the wait doubles with each further one.
 */
export type SendMessage = (message: ServerMessage, text: () => string) => unknown

/** A message and its text, which is encoded when it is first read. */
export interface EncodedMessage {
  readonly message: ServerMessage
  readonly text: () => string
}

/** Returns a message whose text is encoded at most once, however many screens it is sent to. */
export function encodeOnce(message: ServerMessage, encode = () => JSON.stringify(message)): EncodedMessage {
  let text: string | undefined
  return {
    message,
    text: () => {
      text ??= encode()
      return text
    },
  }
}

/** What all updates of one flush have in common. */
export type UpdateHeader = Required<Pick<UpdateMessage, 'version' | 'at' | 'sentAt'>>

/**
 * The operations that some screens learn. Screens that learn the same ones in the same order follow the same path, and
 * share the text of the operations; those of one version share the whole message.
 */
export class UpdatePath {
  readonly #header: UpdateHeader
  readonly #before: UpdatePath | null
  readonly #operation: ScreenOperation | null
  #lastNext: UpdatePath | null = null
  #next: Map<ScreenOperation, UpdatePath> | null = null
  #operations: readonly ScreenOperation[] | null = null
  #operationsText: string | undefined
  #lastMessage: EncodedMessage | null = null
  #lastSince = -1
  readonly #messages = new Map<number, EncodedMessage>()

  constructor(
    header: UpdateHeader,
    step: { readonly before: UpdatePath; readonly operation: ScreenOperation } | null = null,
  ) {
    this.#header = header
    this.#before = step?.before ?? null
    this.#operation = step?.operation ?? null
  }

  get version(): number {
    return this.#header.version
  }

  /** Returns the path with one operation more. */
  follow(operation: ScreenOperation): UpdatePath {
    const last = this.#lastNext
    if (last !== null && last.#operation === operation) return last
    this.#next ??= new Map()
    const known = this.#next.get(operation)
    this.#lastNext = known ?? new UpdatePath(this.#header, { before: this, operation })
    if (known === undefined) this.#next.set(operation, this.#lastNext)
    return this.#lastNext
  }

  /** Returns the update with all operations of the path, for a screen of this version. */
  toMessage(since: number): EncodedMessage {
    if (this.#lastMessage !== null && this.#lastSince === since) return this.#lastMessage
    const message = this.#messages.get(since) ?? this.#createMessage(since)
    this.#messages.set(since, message)
    this.#lastMessage = message
    this.#lastSince = since
    return message
  }

  #createMessage(since: number): EncodedMessage {
    this.#operations ??= this.#collectOperations()
    const operations = this.#operations
    return encodeOnce({ type: 'update', since, ...this.#header, operations }, () => this.#encode(since, operations))
  }

  #encode(since: number, operations: readonly ScreenOperation[]): string {
    this.#operationsText ??= JSON.stringify(operations)
    const head = JSON.stringify({ type: 'update', since, ...this.#header })
    return `${head.slice(0, -1)},"operations":${this.#operationsText}}`
  }

  #collectOperations(): readonly ScreenOperation[] {
    const operations: ScreenOperation[] = []
    for (let path: UpdatePath = this; path.#before !== null; path = path.#before) {
      if (path.#operation !== null) operations.push(path.#operation)
    }
    return operations.reverse()
  }
}

export interface MessageSenderOptions {
  readonly send: SendMessage
  /** Returns the longest wait before the transport is tried again. */
  readonly retryMsMax: () => number
  /** Called when the next message may be sent. */
  readonly onReady: () => void
  /** Called when a message may be lost. */
  readonly onRejected: () => void
  /** Called when the transport begins to deliver, and when it has nothing more to deliver. */
  readonly onBusyChanged: () => void
  /** Called when the transport throws. */
  readonly onFailed: () => void
}

/** A message that stands in no snapshot. */
interface SingleMessage {
  readonly encoded: EncodedMessage
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

  send(encoded: EncodedMessage): void {
    this.#attempt(encoded, 1)
  }

  /** Sends the rejected messages of a type again. A screen ignores what it has already. */
  repeat(type: ServerMessage['type']): void {
    if (this.#rejectedMessages.length === 0) return
    const repeated = this.#rejectedMessages.filter(({ encoded }) => encoded.message.type === type)
    this.#rejectedMessages = this.#rejectedMessages.filter((each) => !repeated.includes(each))
    for (const { encoded, attempts } of repeated) this.#attempt(encoded, attempts + 1)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
  }

  #attempt(encoded: EncodedMessage, attempts: number): void {
    if (this.#isClosed) return
    try {
      const delivery = this.#options.send(encoded.message, encoded.text)
      if (delivery instanceof Promise) this.#track(delivery, { encoded, attempts })
    } catch {
      this.#options.onFailed()
    }
  }

  #track(delivery: Promise<unknown>, sent: SingleMessage): void {
    this.#pendingCount += 1
    if (this.#pendingCount === 1) this.#options.onBusyChanged()
    const onDelivered = () => {
      this.deliveredCount += 1
    }
    delivery.then(onDelivered, () => this.#handleRejected(sent)).then(() => this.#handleSettled())
  }

  #handleRejected(sent: SingleMessage): void {
    this.#isRejected = true
    this.#options.onRejected()
    const { type } = sent.encoded.message
    const isSingle = type === 'answer' || type === 'visitor' || type === 'revoked'
    if (!isSingle || sent.attempts >= sendAttemptsMax || this.#rejectedMessages.length >= rejectedMessagesMax) return
    this.#rejectedMessages = [...this.#rejectedMessages, sent]
  }

  #handleSettled(): void {
    this.#pendingCount -= 1
    if (this.#pendingCount > 0) return
    this.#options.onBusyChanged()
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
