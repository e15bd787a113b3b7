import {
  type Review,
  type SaveResult,
  type WorkflowRevision,
  workflowBytesMax,
} from '../../../supervisor/supervisor-protocol'
import type { SupervisorSession } from '../supervisor-session'
import { formatJson } from './format-json'
import { type Remark, WorkflowEditor } from './workflow-editor'

/** Only a `good` draft may be saved. */
export type DraftState = 'loading' | 'checking' | 'malformed' | 'problems' | 'good'

const newWorkflow = {
  name: 'A new workflow',
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
  event: { type: 'route', params: { to: { team: 'servers' } } },
}

/** The workflows in the editor, and the desk's review of them. */
export class WorkflowDraft {
  readonly editor: WorkflowEditor
  state: DraftState = 'loading'
  review: Review | null = null
  /** Problems first, because they prevent saving; then advice. */
  remarks: readonly Remark[] = []
  /** Result of the last save. */
  message: { readonly text: string; readonly isBad: boolean } | null = null
  reroutes = true
  onlyChanged = true
  /** Whether another page has saved workflows meanwhile. */
  isOutdated = false
  #saved: WorkflowRevision | null = null
  #savedText = ''
  #isSaving = false
  readonly #session: SupervisorSession
  readonly #changed: () => void

  constructor(session: SupervisorSession, changed: () => void) {
    this.#session = session
    this.#changed = changed
    this.editor = new WorkflowEditor({
      grammar: () => this.#saved,
      changed: () => this.#onEdit(),
      check: (workflows) => this.#check(workflows),
      malformed: (message) => this.#set('malformed', [{ path: [], message, severity: 'error' }]),
    })
    session.onWorkflows = (revision) => this.#onSaved(revision)
    void this.load()
  }

  get isChanged(): boolean {
    return this.#saved !== null && this.editor.text !== this.#savedText
  }

  get maySave(): boolean {
    return this.isChanged && this.state === 'good' && !this.#isSaving && !this.isOutdated
  }

  /** Loads the current workflows and discards the changes of this page. */
  async load(): Promise<void> {
    this.#startFrom(await this.#session.workflows())
  }

  undoAll(): void {
    if (this.isOutdated) void this.load()
    else this.editor.replace(this.#savedText)
  }

  add(): void {
    this.#edit((workflows) => [...workflows, { ...newWorkflow, name: freeName(workflows) }])
    const { length } = this.#parsed() ?? []
    this.editor.goTo([length - 1, 'name'])
  }

  format(): void {
    this.#edit((workflows) => workflows)
  }

  async save(): Promise<void> {
    const workflows = this.#parsed()
    if (!this.maySave || workflows === null || this.#saved === null) return
    this.#isSaving = true
    this.#changed()
    const { reroutes: reroute } = this
    const saved = await this.#session.save(workflows, { basedOn: this.#saved.revision, reroute })
    this.#isSaving = false
    this.#showResult(saved, workflows)
  }

  #showResult(saved: SaveResult | null, workflows: readonly unknown[]): void {
    if (saved?.ok === true) {
      const { rerouted } = saved
      this.#startFrom(saved.current, this.editor.text)
      const open = rerouted === 1 ? '1 open request was routed again.' : `${rerouted} open requests were routed again.`
      this.message = { text: `Saved. ${rerouted === 0 ? 'New requests follow it from now on.' : open}`, isBad: false }
    } else if (saved?.reason === 'changed-meanwhile') this.isOutdated = true
    else if (saved?.reason === 'problems' && this.review !== null) {
      this.#set('problems', remarksOf({ ...this.review, problems: saved.problems }, workflows))
    } else this.message = { text: 'It could not be saved.', isBad: true }
    this.#changed()
  }

  #startFrom(revision: WorkflowRevision, text = formatJson(revision.workflows)): void {
    this.#saved = revision
    this.#savedText = text
    this.isOutdated = false
    this.message = null
    this.state = 'checking'
    if (this.editor.text !== text) this.editor.reset(text)
    this.editor.checkNow()
    this.#changed()
  }

  #onEdit(): void {
    this.message = null
    this.#set('checking')
  }

  async #check(workflows: unknown): Promise<readonly Remark[]> {
    if (this.#saved === null) return []
    const { text } = this.editor
    if (new Blob([JSON.stringify(workflows)]).size > workflowBytesMax) {
      const message = `This page takes up to ${workflowBytesMax / 1_024} KiB; set larger lists by \`setWorkflows\`.`
      this.#set('problems', [{ path: [], message, severity: 'error' }])
      return this.remarks
    }
    const review = await this.#session.review(workflows)
    if (review === null || text !== this.editor.text) return []
    this.review = review
    this.#set(review.problems.length > 0 ? 'problems' : 'good', remarksOf(review, workflows))
    return this.remarks
  }

  #onSaved(revision: number): void {
    if (this.#saved === null || this.#isSaving || revision === this.#saved.revision) return
    if (this.isChanged) this.isOutdated = true
    else void this.load()
    this.#changed()
  }

  #edit(change: (workflows: readonly unknown[]) => readonly unknown[]): void {
    const workflows = this.#parsed()
    if (workflows !== null) this.editor.replace(formatJson(change(workflows)))
  }

  #parsed(): readonly unknown[] | null {
    try {
      const value: unknown = JSON.parse(this.editor.text)
      return Array.isArray(value) ? value : null
    } catch {
      return null
    }
  }

  #set(state: DraftState, remarks = this.remarks): void {
    this.state = state
    this.remarks = remarks
    this.#changed()
  }
}

function remarksOf({ problems, warnings, findings }: Review, workflows: unknown): readonly Remark[] {
  const names = (Array.isArray(workflows) ? workflows : []).map((workflow) => workflow?.name)
  return [
    ...problems.map(({ path, message }) => ({ path, message, severity: 'error' as const })),
    ...warnings.map(({ path, message }) => ({ path, message, severity: 'warning' as const })),
    ...findings.map(({ workflow, message }) => {
      return { path: [names.indexOf(workflow)], message: `${workflow}: ${message}`, severity: 'warning' as const }
    }),
  ]
}

function freeName(workflows: readonly unknown[]): string {
  const names = new Set(workflows.map((workflow) => (workflow as { name?: unknown } | null)?.name))
  const { name } = newWorkflow
  const numbered = workflows.map((_, index) => `${name} ${index + 2}`)
  return [name, ...numbered].find((free) => !names.has(free)) ?? name
}
