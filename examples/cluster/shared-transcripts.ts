import type { Redis } from 'ioredis'
import type { ChatLine } from '../live-desk/chat/chat-protocol'
import { ChatTranscripts } from '../live-desk/chat/chat-transcripts'

const stream = 'live-desk:lines'
const linesMax = '20000'

/** The lines of the chats in a Redis stream that every node reads: the transcripts of a demo with several nodes. */
export class SharedTranscripts extends ChatTranscripts {
  readonly #client: Redis
  readonly #node: string
  readonly #listeners: ((requestId: string) => void)[] = []
  #lastId = '0-0'
  #isClosed = false

  private constructor(client: Redis, node: string) {
    super()
    this.#client = client
    this.#node = node
  }

  /** Opens transcripts with the lines of the stream, which then follow the stream. */
  static async open(client: Redis, node: string): Promise<SharedTranscripts> {
    const transcripts = new SharedTranscripts(client, node)
    await transcripts.#readStream()
    void transcripts.#readNewLines(client.duplicate())
    return transcripts
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

  async #readStream(): Promise<void> {
    for (const [id, fields] of await this.#client.xrange(stream, `(${this.#lastId}`, '+')) this.#applyEntry(id, fields)
  }

  /** Waits for new lines on a connection of its own, and retries while Redis is unreachable. */
  async #readNewLines(client: Redis): Promise<void> {
    client.on('error', () => {})
    while (!this.#isClosed) {
      const read = await client.xread('BLOCK', 1_000, 'STREAMS', stream, this.#lastId).catch(() => pause(200))
      for (const [, entries] of read ?? []) for (const [id, fields] of entries) this.#applyEntry(id, fields)
    }
    client.disconnect()
  }

  #applyEntry(id: string, [, node, , requestId = '', , text = '']: string[]): void {
    this.#lastId = id
    if (node === this.#node) return
    this.store(requestId, JSON.parse(text) as ChatLine)
    for (const listener of this.#listeners) listener(requestId)
  }
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}
