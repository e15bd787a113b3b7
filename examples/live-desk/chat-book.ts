import type { ChatLine } from './chat-line'

const linesMax = 500
const textLengthMax = 2_000
const chatsMax = 20_000

/** What was written in each chat, in memory: a demo's book, which forgets its oldest pages. */
export class ChatBook {
  readonly #chats = new Map<string, ChatLine[]>()

  lines(requestId: string): readonly ChatLine[] {
    return this.#chats.get(requestId) ?? []
  }

  /** Returns whether it was text that can be kept. */
  write(requestId: string, line: Omit<ChatLine, 'at' | 'text'> & { readonly text: unknown }): boolean {
    const text = typeof line.text === 'string' ? line.text.trim().slice(0, textLengthMax) : ''
    const lines = this.#chats.get(requestId) ?? []
    if (text === '' || lines.length >= linesMax) return false
    this.#chats.set(requestId, [...lines, { ...line, text, at: Date.now() }])
    const [oldest] = this.#chats.keys()
    if (this.#chats.size > chatsMax && oldest !== undefined) this.#chats.delete(oldest)
    return true
  }
}
