import { io, type Socket } from 'socket.io-client'
import type {
  DeskStats,
  ExplainedRequest,
  QueueRow,
  Review,
  Sample,
  SaveResult,
  StaffRow,
  SupervisorUpdate,
  WorkflowRevision,
} from '../../supervisor/supervisor-protocol'
import type { ListPlace } from '../list-window'

export type View = 'now' | 'workflows'

const samplesMax = 3_600
/** So long what has gone is said to be gone, before the panel shows another request under the hand. */
const goneMs = 3_000

/** What the supervisor's page knows: the floor as the server tells it, and what is looked at. */
export class SupervisorSession {
  view: View = location.hash === '#workflows' ? 'workflows' : 'now'
  connection: 'connecting' | 'live' | 'reconnecting' = 'connecting'
  rows: readonly QueueRow[] = []
  staff: readonly StaffRow[] = []
  figures: DeskStats | null = null
  samples: readonly Sample[] = []
  /** What is looked at, also when it has gone a moment ago. */
  selectedId: string | null = null
  explained: ExplainedRequest | null = null
  /** On a narrow screen: the request covers the list. */
  isPanelOpen = false
  place: ListPlace = { scrollTop: 0, viewHeight: 800 }
  spanMs = 300_000
  said = ''
  /** Told when somebody has saved workflows, with their revision. */
  onWorkflows: (revision: string) => void = () => {}
  readonly #socket: Socket
  readonly #changed: () => void
  #aheadMs = 0
  #goneId: string | null = null

  constructor(changed: () => void) {
    this.#changed = changed
    this.#socket = io('/supervisor', { transports: ['websocket'], reconnectionDelayMax: 3_000 })
    this.#socket.on('connect', () => this.#begin())
    this.#socket.on('floor', (message: SupervisorUpdate, taken: () => void) => {
      this.#take(message)
      taken()
    })
    this.#socket.on('workflows.changed', (revision: string) => this.onWorkflows(revision))
    this.#socket.on('disconnect', () => {
      this.connection = 'reconnecting'
      changed()
    })
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.#aheadMs
  }

  nameOf(staffId: string): string {
    return this.staff.find(({ id }) => id === staffId)?.name ?? staffId
  }

  /** The request that is looked at, while it is open. */
  get shownId(): string | null {
    return this.rows.some(({ requestId }) => requestId === this.selectedId) ? this.selectedId : null
  }

  show(view: View): void {
    this.view = view
    history.replaceState(null, '', view === 'workflows' ? '#workflows' : location.pathname)
    this.#changed()
  }

  pick(requestId: string): void {
    this.selectedId = requestId
    this.said = ''
    this.isPanelOpen = true
    this.lookAgain()
    this.#changed()
  }

  redraw(): void {
    this.#changed()
  }

  /** Asks again who is rung and why not the others: it changes while one looks. */
  lookAgain(): void {
    const { shownId } = this
    if (shownId === null) {
      this.explained = null
      return
    }
    this.#socket.emit('explain', shownId, (explained: ExplainedRequest | null) => {
      if (shownId !== this.shownId || JSON.stringify(explained) === JSON.stringify(this.explained)) return
      this.explained = explained
      this.#changed()
    })
  }

  assign(requestId: string, staffId: string): void {
    this.#socket.emit('assign', requestId, staffId, (problem: string | null) => {
      this.said = problem ?? `${this.nameOf(staffId)} has it now.`
      this.#changed()
    })
  }

  workflows(): Promise<WorkflowRevision> {
    return this.#socket.emitWithAck('workflows')
  }

  review(workflows: unknown): Promise<Review | null> {
    return this.#socket.emitWithAck('review', workflows)
  }

  save(workflows: unknown, how: { readonly basedOn: string; readonly reroute: boolean }): Promise<SaveResult | null> {
    return this.#socket.emitWithAck('save', workflows, how.basedOn, how.reroute)
  }

  /** A new line begins with everything: what was known is thrown away. */
  #begin(): void {
    this.rows = []
    this.explained = null
    this.samples = []
  }

  /** Looks at the first when nothing is looked at. */
  #look(): void {
    const { selectedId, shownId } = this
    if (selectedId === null) this.selectedId = this.rows[0]?.requestId ?? null
    if (selectedId === null || shownId !== null || this.#goneId === selectedId) return
    this.#goneId = selectedId
    setTimeout(() => {
      if (this.selectedId === selectedId && this.shownId === null) this.selectedId = this.rows[0]?.requestId ?? null
      this.#goneId = null
      this.said = ''
      this.lookAgain()
      this.#changed()
    }, goneMs)
  }

  #take({ at, figures, staff, order, rows, samples }: SupervisorUpdate): void {
    this.connection = 'live'
    this.#aheadMs = at - Date.now()
    this.figures = figures
    this.staff = staff
    const byId = new Map([...this.rows, ...rows].map((row) => [row.requestId, row]))
    const ids = order ?? this.rows.map(({ requestId }) => requestId)
    const next = ids.flatMap((id) => byId.get(id) ?? [])
    if (order !== null || rows.length > 0) this.rows = next
    this.#look()
    if (samples.length > 0) this.samples = [...this.samples, ...samples].slice(-samplesMax)
    this.lookAgain()
    this.#changed()
  }
}
