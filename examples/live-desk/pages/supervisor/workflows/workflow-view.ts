import { html, type TemplateResult } from 'lit-html'
import { icon } from '../../staff/icon'
import type { SupervisorSession } from '../supervisor-session'
import { dryRunPanel } from './dry-run-panel'
import type { DraftState, WorkflowDraft } from './workflow-draft'
import type { Remark } from './workflow-editor'

const stateTexts: Readonly<Record<DraftState, string>> = {
  loading: 'Loading…',
  checking: 'Checking…',
  malformed: 'Not JSON',
  problems: 'Cannot be saved',
  good: 'Ready',
}

/** The workflow editor, the review of the workflows in it, and where the last requests would go. */
export function workflowView(session: SupervisorSession, draft: WorkflowDraft): TemplateResult {
  return html`<main class="workflows" id="workflows" data-draft=${draft.state}>
    <section class="card editor-card" aria-labelledby="editor-title">
      <header class="editor-head">
        <h1 id="editor-title">Workflows</h1>
        <span class="badge ${badgeOf(draft)}" role="status">${stateText(draft)}</span>
        <span class="editor-acts">
          <button data-action="add" @click=${() => draft.add()}>Add</button>
          <button data-action="format" @click=${() => draft.format()}>Format</button>
        </span>
      </header>
      ${draft.isOutdated ? outdated(draft) : ''}
      ${draft.editor.element}
      ${saveBar(draft)}
    </section>
    <div class="review">
      ${advice(draft)}
      ${dryRunPanel(session, draft)}
    </div>
  </main>`
}

function stateText(draft: WorkflowDraft): string {
  if (draft.state !== 'good') return stateTexts[draft.state]
  return draft.isChanged ? 'Ready to save' : 'As saved'
}

function badgeOf({ state, isChanged }: WorkflowDraft): string {
  if (state === 'malformed' || state === 'problems') return 'over-capacity'
  return state === 'good' && isChanged ? 'ringing' : state === 'good' ? 'chat' : 'plain'
}

function outdated(draft: WorkflowDraft): TemplateResult {
  return html`<p class="banner soft" role="alert">Other workflows were saved meanwhile.
    <button data-action="reload" @click=${() => draft.load()}>Load those and discard mine</button></p>`
}

function saveBar(draft: WorkflowDraft): TemplateResult {
  const toggle = ({ target }: Event) => {
    draft.reroutes = (target as HTMLInputElement).checked
  }
  return html`<footer class="save-bar">
    <button class="primary" data-action="save" ?disabled=${!draft.maySave} @click=${() => draft.save()}>Save</button>
    <button data-action="undo-all" ?disabled=${!draft.isChanged} @click=${() => draft.undoAll()}>Undo changes</button>
    <label class="check"><input type="checkbox" .checked=${draft.reroutes} @change=${toggle} />
      Route open requests again</label>
    <span class="save-message ${draft.message?.isBad === true ? 'bad' : ''}" role="status">${draft.message?.text ?? ''}</span>
  </footer>`
}

function advice(draft: WorkflowDraft): TemplateResult {
  const { remarks } = draft
  const problems = remarks.filter(({ severity }) => severity === 'error').length
  return html`<section class="card advice" aria-labelledby="advice-title" data-problems=${problems}
    data-hints=${remarks.length - problems}>
    <h2 id="advice-title">Problems and advice</h2>
    ${
      remarks.length === 0
        ? html`<p class="fine">${icon('route')}No problems, and nothing that looks like a mistake.</p>`
        : html`<ul class="remarks">${remarks.map((one) => remark(draft, one))}</ul>`
    }
  </section>`
}

function remark(draft: WorkflowDraft, { path, message, severity }: Remark): TemplateResult {
  return html`<li class=${severity}><button @click=${() => draft.editor.goTo(path)}>
    <code>${pathText(path)}</code><span>${message}</span></button></li>`
}

function pathText(path: Remark['path']): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('') || 'JSON'
}
