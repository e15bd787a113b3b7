import type { AwaitingItem, Desk } from 'frontbell'
import { summarizeFacts } from '../fact-summary'
import type { DeskStats, QueueRow, Sample, StaffRow, SupervisorUpdate } from './supervisor-protocol'

const samplesMax = 3_600

/** The state of the desk as the supervisor's page shows it, with samples of the last hour. */
export class SupervisorFeed {
  readonly #desk: Desk
  readonly #staffIds: readonly string[]
  #samples: readonly Sample[] = []

  constructor(desk: Desk, staffIds: readonly string[]) {
    this.#desk = desk
    this.#staffIds = staffIds
  }

  /** Takes a sample; call it once a second. */
  sample(): void {
    const awaiting = this.#desk.awaiting()
    const open = awaiting.filter(({ request }) => request.assignment === null)
    const { load } = this.#staff().reduce((sum, { load }) => ({ load: sum.load + load }), { load: 0 })
    const unattended = awaiting.filter(({ reason }) => reason !== 'ringing').length
    const { serviceLevel } = this.#desk.metrics()
    const sample = { at: Date.now(), open: open.length, unattended, chats: load, serviceLevel: serviceLevel.share }
    this.#samples = [...this.#samples.slice(1 - samplesMax), sample]
  }

  /** Returns a function for one page: each call returns what has changed since its last call. */
  reader(): () => SupervisorUpdate {
    let known = new Map<string, string>()
    let order = ''
    let sampledAt = 0
    return () => {
      const all = this.#rows()
      const texts = new Map(all.map((row) => [row.requestId, JSON.stringify(row)]))
      const rows = all.filter(({ requestId }) => known.get(requestId) !== texts.get(requestId))
      const ids = all.map(({ requestId }) => requestId)
      const samples = this.#samples.filter(({ at }) => at > sampledAt)
      const isMoved = order !== ids.join() || known.size === 0
      known = texts
      order = ids.join()
      sampledAt = this.#samples.at(-1)?.at ?? 0
      const at = Date.now()
      return { at, stats: this.#stats(), staff: this.#staff(), order: isMoved ? ids : null, rows, samples }
    }
  }

  #rows(): readonly QueueRow[] {
    const ringing = new Map<string, string[]>()
    for (const staffId of this.#staffIds) {
      for (const requestId of this.#desk.ringing(staffId)) {
        const ids = ringing.get(requestId)
        if (ids === undefined) ringing.set(requestId, [staffId])
        else ids.push(staffId)
      }
    }
    return this.#desk.awaiting().map((item) => rowOf(item, ringing.get(item.requestId) ?? []))
  }

  #staff(): readonly StaffRow[] {
    return this.#staffIds.flatMap((id) => {
      const staff = this.#desk.staff(id)
      if (staff === undefined) return []
      const { name, teams, load, capacity, isPresent, availability } = staff
      return [{ id, name, teams, load, capacity, state: isPresent ? availability : 'absent' }]
    })
  }

  #stats(): DeskStats {
    const { windowMs, serviceLevel, timeToAcceptMs, accepted, abandoned } = this.#desk.metrics()
    const { share, thresholdMs } = serviceLevel
    return { windowMs, thresholdMs, serviceLevel: share, medianMs: timeToAcceptMs?.p50 ?? null, accepted, abandoned }
  }
}

function rowOf({ requestId, reason, request }: AwaitingItem, ringingStaffIds: readonly string[]): QueueRow {
  const { openedAt, priority, tags, workflow, step, facts } = request
  return { requestId, reason, openedAt, priority, tags, workflow, step, facts: summarizeFacts(facts), ringingStaffIds }
}
