import type { Redis } from 'ioredis'
import type { ChatLine } from '../live-desk/chat/chat-protocol'
import { ChatTranscripts } from '../live-desk/chat/chat-transcripts'

const stream = 'live-desk:lines'
const linesMax = '20000'

/** What is written in the chats, in a stream of Redis that every node follows: a demo's book for several nodes. */
export class SharedTranscripts extends ChatTranscripts {
  readonly #client: Redis
  readonly #node: string
  readonly #listeners: ((requestId: string) => void)[] = []
  #last = '0-0'
  #isClosed = false

  private constructor(client: Redis, node: string) {
    super()
    this.#client = client
    this.#node = node
  }

  /** The book with all that is in the stream, going on from there. */
  static async open(client: Redis, node: string): Promise<SharedTranscripts> {
    const book = new SharedTranscripts(client, node)
    await book.#readOn()
    void book.#follow(client.duplicate())
    return book
  }

  onLineWritten(listener: (requestId: string) => void): void {
    this.#listeners.push(listener)
  }

  override append(requestId: string, line: Parameters<ChatTranscripts['append']>[1]): boolean {
    const isKept = super.append(requestId, line)
    const written = this.lines(requestId).at(-1)
    if (isKept && written !== undefined) {
      const fields = ['node', this.#node, 'request', requestId, 'line', JSON.stringify(written)]
      this.#client.xadd(stream, 'MAXLEN', '~', linesMax, '*', ...fields).catch(console.error)
    }
    return isKept
  }

  close(): void {
    this.#isClosed = true
  }

  async #readOn(): Promise<void> {
    for (const [id, fields] of await this.#client.xrange(stream, `(${this.#last}`, '+')) this.#take(id, fields)
  }

  /** Waits for new lines, over a connection of its own; a Redis that is away is asked again. */
  async #follow(client: Redis): Promise<void> {
    client.on('error', () => {})
    while (!this.#isClosed) {
      const read = await client.xread('BLOCK', 1_000, 'STREAMS', stream, this.#last).catch(() => pause(200))
      for (const [, entries] of read ?? []) for (const [id, fields] of entries) this.#take(id, fields)
    }
    client.disconnect()
  }

  #take(id: string, [, node, , requestId = '', , text = '']: string[]): void {
    this.#last = id
    if (node === this.#node) return
    this.store(requestId, JSON.parse(text) as ChatLine)
    for (const listener of this.#listeners) listener(requestId)
  }
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}
