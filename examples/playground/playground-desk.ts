import { type Desk, InvalidInputError, type ManualClock, manualClock, openDesk, type Staff } from 'frontbell'
import { initialStaff, initialWorkflows } from './initial-desk'

/** A desk with a manual clock, and a journal of its events. */
export interface PlaygroundDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  readonly roster: readonly Staff[]
  readonly entries: readonly JournalEntry[]
  /** Ids of all requests that may still be open, newest first. */
  readonly requestIds: readonly string[]
  /** Requests a chat with these facts. */
  requestChat(facts: Readonly<Record<string, string>>): Promise<void>
  /** Advances the clock in steps of a second, so that each due event happens in its own second. */
  advance(seconds: number): Promise<void>
  /** Sets new workflows, or a new roster; resolves to what is wrong with them, or to an empty text. */
  setWorkflows(json: string): Promise<string>
  setRoster(json: string): Promise<string>
}

export interface JournalEntry {
  readonly at: number
  readonly kind: 'ring' | 'stop' | 'note'
  readonly text: string
}

/** A Monday at nine, in Greenwich. */
const openedAt = Date.UTC(2026, 0, 5, 9)
const journalMax = 60

export async function openPlaygroundDesk(changed: () => void): Promise<PlaygroundDesk> {
  const clock = manualClock(openedAt)
  const desk = await openDesk({ staff: initialStaff, workflows: initialWorkflows, clock })
  let entries: JournalEntry[] = []
  let requestIds: string[] = []
  let roster: readonly Staff[] = initialStaff
  const addEntry = (kind: JournalEntry['kind'], text: string, at: number) => {
    entries = [{ kind, text, at }, ...entries].slice(0, journalMax)
    changed()
  }
  const nameOf = (id: string) => roster.find((person) => person.id === id)?.name ?? id
  const names = (ids: readonly string[]) => ids.map(nameOf).join(', ')

  desk.on('ring', ({ requestId, staffIds, at }) => addEntry('ring', `${requestId} rings for ${names(staffIds)}`, at))
  desk.on('stop', ({ requestId, staffIds, reason, at }) =>
    addEntry('stop', `${requestId} silent for ${names(staffIds)}: ${reason}`, at),
  )
  desk.on('request.unattended', ({ requestId, cause, at }) => addEntry('note', `${requestId} unattended: ${cause}`, at))
  desk.on('request.accepted', ({ requestId, staffId, at }) =>
    addEntry('note', `${nameOf(staffId)} took ${requestId}`, at),
  )
  desk.on('event', changed)
  for (const { id } of roster) await desk.connect(id, 'here')

  return {
    desk,
    clock,
    get roster() {
      return roster
    },
    get entries() {
      return entries
    },
    get requestIds() {
      return requestIds.filter((id) => desk.request(id) !== undefined)
    },
    async requestChat(facts) {
      const requestId = `chat ${requestIds.length + 1}`
      requestIds = [requestId, ...requestIds]
      await desk.requestChat({ requestId, visitorId: `visitor of ${requestId}`, facts })
    },
    async advance(seconds) {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000)
        // Present staff stay present, as their pages would renew the sessions.
        if (second % 30 === 0) await renewSessions(desk, roster)
        await desk.idle()
      }
      changed()
    },
    setWorkflows: (json) => problemOf(async () => void (await desk.setWorkflows(JSON.parse(json), { reroute: true }))),
    setRoster: (json) =>
      problemOf(async () => {
        const next: Staff[] = JSON.parse(json)
        if (!Array.isArray(next)) throw new TypeError('Expected a list of staff: [{ "id": "ana" }]')
        for (const person of next) await desk.setStaff(person)
        const removed = roster.filter(({ id }) => next.every((person) => person.id !== id))
        const added = next.filter(({ id }) => roster.every((person) => person.id !== id))
        roster = next
        for (const { id } of removed) await desk.removeStaff(id)
        for (const { id } of added) await desk.connect(id, 'here')
        changed()
      }),
  }
}

async function renewSessions(desk: Desk, roster: readonly Staff[]): Promise<void> {
  for (const { id } of roster) if (desk.staff(id)?.isPresent === true) await desk.heartbeat(id, 'here')
}

async function problemOf(change: () => Promise<void>): Promise<string> {
  try {
    await change()
    return ''
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof SyntaxError || error instanceof TypeError)
      return error.message
    throw error
  }
}
