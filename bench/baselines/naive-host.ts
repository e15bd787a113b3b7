import { EventEmitter } from 'eventemitter3'
import { Engine } from 'json-rules-engine'

interface RingParams {
  readonly to: { readonly team: string }
}

export interface NaiveWorkflow {
  readonly name: string
  readonly conditions: { all: { fact: string; operator: string; value: string }[] }
  readonly event: { type: string; params: RingParams }
}

interface HostEvents {
  ring: (notification: { requestId: string; staffIds: string[] }) => void
  stop: (notification: { requestId: string; staffIds: string[]; reason: string }) => void
}

/**
 * A naive hand-written host: one shared roster, a Set of ringing staff per request, one json-rules-engine run per
 * request, eventemitter3. No reminders, no steps, no history; a second run that overlaps loses rules.
 */
export class NaiveHost extends EventEmitter<HostEvents> {
  readonly #engine = new Engine([], { allowUndefinedFacts: true })
  readonly #staff = new Map<string, { id: string; teams: string[]; chats: number }>()
  readonly #ringing = new Map<string, Set<string>>()
  readonly #acceptedBy = new Map<string, string>()

  constructor(staff: readonly { id: string; teams: string[] }[], workflows: readonly NaiveWorkflow[]) {
    super()
    for (const each of staff) this.#staff.set(each.id, { ...each, chats: 0 })
    for (const workflow of workflows) this.#engine.addRule(workflow)
  }

  async requestChat(requestId: string, facts: Record<string, unknown>): Promise<{ ok: boolean }> {
    const { results } = await this.#engine.run(facts)
    const params = results[0]?.event?.params as RingParams | undefined
    const ids = [...this.#staff.values()]
      .filter(({ teams }) => params === undefined || teams.includes(params.to.team))
      .map(({ id }) => id)
    this.#ringing.set(requestId, new Set(ids))
    this.emit('ring', { requestId, staffIds: ids })
    return { ok: true }
  }

  async mute(requestId: string, staffId: string): Promise<{ ok: boolean }> {
    if (this.#ringing.get(requestId)?.delete(staffId) !== true) return { ok: false }
    this.emit('stop', { requestId, staffIds: [staffId], reason: 'muted' })
    return { ok: true }
  }

  async accept(requestId: string, staffId: string): Promise<{ ok: boolean }> {
    const ringing = this.#ringing.get(requestId)
    const staff = this.#staff.get(staffId)
    if (ringing === undefined || staff === undefined || this.#acceptedBy.has(requestId)) return { ok: false }
    this.#acceptedBy.set(requestId, staffId)
    staff.chats += 1
    this.#ringing.delete(requestId)
    this.emit('stop', { requestId, staffIds: [...ringing], reason: 'accepted' })
    return { ok: true }
  }

  async end(requestId: string): Promise<{ ok: boolean }> {
    const staff = this.#staff.get(this.#acceptedBy.get(requestId) ?? '')
    if (staff === undefined) return { ok: false }
    staff.chats -= 1
    this.#acceptedBy.delete(requestId)
    return { ok: true }
  }
}
