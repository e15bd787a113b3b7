import type { Review, SaveResult, WorkflowRevision } from '../../../supervisor/supervisor-protocol'
import type { SupervisorSession } from '../supervisor-session'
import { formatJson } from './format-json'
import { type Remark, WorkflowEditor } from './workflow-editor'

/** What may be saved: nothing before it was read, nothing while it is looked at, nothing that is wrong. */
export type DraftState = 'loading' | 'checking' | 'malformed' | 'problems' | 'good'

const newWorkflow = {
  name: 'A new workflow',
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
  event: { type: 'route', params: { to: { team: 'servers' } } },
}

/** As much as the page's line takes at once. */
const bytesMax = 250 * 1_024

/** The workflows as somebody is changing them, and what the desk says about that. */
export class WorkflowDraft {
  readonly editor: WorkflowEditor
  state: DraftState = 'loading'
  review: Review | null = null
  /** What is to be said, first of all what keeps it from being saved. */
  remarks: readonly Remark[] = []
  /** What became of the last save. */
  said: { readonly text: string; readonly isBad: boolean } | null = null
  reroutes = true
  onlyChanged = true
  /** Somebody else has saved meanwhile. */
  isOutdated = false
  #book: WorkflowRevision | null = null
  #begun = ''
  #saving = false
  readonly #session: SupervisorSession
  readonly #changed: () => void

  constructor(session: SupervisorSession, changed: () => void) {
    this.#session = session
    this.#changed = changed
    this.editor = new WorkflowEditor({
      grammar: () => this.#book,
      changed: () => this.#typed(),
      check: (workflows) => this.#check(workflows),
      malformed: (message) => this.#set('malformed', [{ path: [], message, severity: 'error' }]),
    })
    session.onWorkflows = (revision) => this.#savedBySomebody(revision)
    void this.load()
  }

  get isChanged(): boolean {
    return this.#book !== null && this.editor.text !== this.#begun
  }

  get maySave(): boolean {
    return this.isChanged && this.state === 'good' && !this.#saving && !this.isOutdated
  }

  /** Fetches the workflows of now; whatever was changed here is forgotten. */
  async load(): Promise<void> {
    this.#begin(await this.#session.workflows())
  }

  undoAll(): void {
    if (this.isOutdated) void this.load()
    else this.editor.replace(this.#begun)
  }

  add(): void {
    this.#edit((workflows) => [...workflows, { ...newWorkflow, name: freeName(workflows) }])
    const { length } = this.#parsed() ?? []
    this.editor.goTo([length - 1, 'name'])
  }

  layOut(): void {
    this.#edit((workflows) => workflows)
  }

  async save(): Promise<void> {
    const workflows = this.#parsed()
    if (!this.maySave || workflows === null || this.#book === null) return
    this.#saving = true
    this.#changed()
    const { reroutes: reroute } = this
    const saved = await this.#session.save(workflows, { basedOn: this.#book.revision, reroute })
    this.#saving = false
    this.#tell(saved, workflows)
  }

  #tell(saved: SaveResult | null, workflows: readonly unknown[]): void {
    if (saved?.ok === true) {
      const { rerouted } = saved
      this.#begin(saved.book, this.editor.text)
      const open = rerouted === 1 ? '1 open request was routed anew.' : `${rerouted} open requests were routed anew.`
      this.said = { text: `Saved. ${rerouted === 0 ? 'New requests follow it from now on.' : open}`, isBad: false }
    } else if (saved?.reason === 'changed-meanwhile') this.isOutdated = true
    else if (saved?.reason === 'problems' && this.review !== null) {
      this.#set('problems', remarksOf({ ...this.review, problems: saved.problems }, workflows))
    } else this.said = { text: 'It could not be saved.', isBad: true }
    this.#changed()
  }

  #begin(book: WorkflowRevision, text = formatJson(book.workflows)): void {
    this.#book = book
    this.#begun = text
    this.isOutdated = false
    this.said = null
    this.state = 'checking'
    if (this.editor.text !== text) this.editor.begin(text)
    this.editor.checkNow()
    this.#changed()
  }

  #typed(): void {
    this.said = null
    this.#set('checking')
  }

  async #check(workflows: unknown): Promise<readonly Remark[]> {
    if (this.#book === null) return []
    const { text } = this.editor
    if (new Blob([JSON.stringify(workflows)]).size > bytesMax) {
      const message = `This page takes up to ${bytesMax / 1_024} KiB; larger books go to the desk by \`setWorkflows\`.`
      this.#set('problems', [{ path: [], message, severity: 'error' }])
      return this.remarks
    }
    const review = await this.#session.review(workflows)
    if (review === null || text !== this.editor.text) return []
    this.review = review
    this.#set(review.problems.length > 0 ? 'problems' : 'good', remarksOf(review, workflows))
    return this.remarks
  }

  #savedBySomebody(revision: string): void {
    if (this.#book === null || this.#saving || revision === this.#book.revision) return
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
