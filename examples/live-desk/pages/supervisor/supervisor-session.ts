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
import type { ScrollPosition } from '../list-window'

export type View = 'now' | 'workflows'

const samplesMax = 3_600
/** How long the panel shows that the selected request is closed, before it shows another one. */
const closedNoticeMs = 3_000

/** The state of the supervisor's page: the feed of the server, and the selection. */
export class SupervisorSession {
  view: View = location.hash === '#workflows' ? 'workflows' : 'now'
  connection: 'connecting' | 'live' | 'reconnecting' = 'connecting'
  rows: readonly QueueRow[] = []
  staff: readonly StaffRow[] = []
  stats: DeskStats | null = null
  samples: readonly Sample[] = []
  /** The selected request, also for a moment after it was closed. */
  selectedId: string | null = null
  explained: ExplainedRequest | null = null
  /** Whether the request covers the list, on a narrow screen. */
  isPanelOpen = false
  scroll: ScrollPosition = { scrollTop: 0, viewHeight: 800 }
  spanMs = 300_000
  message = ''
  /** Called with the revision when workflows were saved, on this page or another. */
  onWorkflows: (revision: number) => void = () => {}
  readonly #socket: Socket
  readonly #changed: () => void
  #clockOffsetMs = 0
  #closedId: string | null = null

  constructor(changed: () => void) {
    this.#changed = changed
    this.#socket = io('/supervisor', { transports: ['websocket'], reconnectionDelayMax: 3_000 })
    this.#socket.on('connect', () => this.#reset())
    this.#socket.on('update', (update: SupervisorUpdate, acknowledge: () => void) => {
      this.#applyUpdate(update)
      acknowledge()
    })
    this.#socket.on('workflows.changed', (revision: number) => this.onWorkflows(revision))
    this.#socket.on('disconnect', () => {
      this.connection = 'reconnecting'
      changed()
    })
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.#clockOffsetMs
  }

  nameOf(staffId: string): string {
    return this.staff.find(({ id }) => id === staffId)?.name ?? staffId
  }

  /** The selected request while it is open. */
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
    this.message = ''
    this.isPanelOpen = true
    this.refreshExplanation()
    this.#changed()
  }

  redraw(): void {
    this.#changed()
  }

  /** Requests the explanation again: it changes while it is shown. */
  refreshExplanation(): void {
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
      this.message = problem ?? `${this.nameOf(staffId)} has it now.`
      this.#changed()
    })
  }

  workflows(): Promise<WorkflowRevision> {
    return this.#socket.emitWithAck('workflows')
  }

  review(workflows: unknown): Promise<Review | null> {
    return this.#socket.emitWithAck('review', workflows)
  }

  save(
    workflows: unknown,
    options: { readonly basedOn: number; readonly reroute: boolean },
  ): Promise<SaveResult | null> {
    return this.#socket.emitWithAck('save', workflows, options.basedOn, options.reroute)
  }

  /** A new connection starts with the complete state. */
  #reset(): void {
    this.rows = []
    this.explained = null
    this.samples = []
  }

  /** Selects the first request if nothing is selected, or if the selected one has been closed for a while. */
  #updateSelection(): void {
    const { selectedId, shownId } = this
    if (selectedId === null) this.selectedId = this.rows[0]?.requestId ?? null
    if (selectedId === null || shownId !== null || this.#closedId === selectedId) return
    this.#closedId = selectedId
    setTimeout(() => {
      if (this.selectedId === selectedId && this.shownId === null) this.selectedId = this.rows[0]?.requestId ?? null
      this.#closedId = null
      this.message = ''
      this.refreshExplanation()
      this.#changed()
    }, closedNoticeMs)
  }

  #applyUpdate({ at, stats, staff, order, rows, samples }: SupervisorUpdate): void {
    this.connection = 'live'
    this.#clockOffsetMs = at - Date.now()
    this.stats = stats
    this.staff = staff
    const byId = new Map([...this.rows, ...rows].map((row) => [row.requestId, row]))
    const ids = order ?? this.rows.map(({ requestId }) => requestId)
    const next = ids.flatMap((id) => byId.get(id) ?? [])
    if (order !== null || rows.length > 0) this.rows = next
    this.#updateSelection()
    if (samples.length > 0) this.samples = [...this.samples, ...samples].slice(-samplesMax)
    this.refreshExplanation()
    this.#changed()
  }
}
