import type { ChatLine } from './chat-protocol'

const linesMax = 500
const textLengthMax = 2_000
const chatsMax = 20_000

/** The lines of each chat, in memory. The oldest chats are dropped. */
export class ChatTranscripts {
  readonly #chats = new Map<string, ChatLine[]>()

  lines(requestId: string): readonly ChatLine[] {
    return this.#chats.get(requestId) ?? []
  }

  /** Adds a line with the current time. Returns whether its text was valid. */
  append(requestId: string, line: Omit<ChatLine, 'at' | 'text'> & { readonly text: unknown }): boolean {
    const text = typeof line.text === 'string' ? line.text.trim().slice(0, textLengthMax) : ''
    const lines = this.#chats.get(requestId) ?? []
    if (text === '' || lines.length >= linesMax) return false
    this.store(requestId, { ...line, text, at: Date.now() })
    return true
  }

  /** Adds a line written here or at another node. */
  store(requestId: string, line: ChatLine): void {
    this.#chats.set(requestId, [...this.lines(requestId), line])
    const [oldest] = this.#chats.keys()
    if (this.#chats.size > chatsMax && oldest !== undefined) this.#chats.delete(oldest)
  }
}
