import { html, type TemplateResult } from 'lit-html'
import type { DryRunRow, RoutedResult } from '../../../supervisor/supervisor-protocol'
import { factText, nameText, topicText } from '../../labels'
import { icon } from '../../staff/icon'
import { extrasText, routeText } from '../route-text'
import type { SupervisorSession } from '../supervisor-session'
import type { WorkflowDraft } from './workflow-draft'

/** Where the last hundred requests go now, and where they would go by the workflows in the editor. */
export function dryRunPanel(session: SupervisorSession, draft: WorkflowDraft): TemplateResult {
  const runs = draft.state === 'good' ? (draft.review?.runs ?? []) : []
  const changed = runs.filter(({ isChanged }) => isChanged)
  const shown = draft.onlyChanged ? changed : runs
  const toggle = ({ target }: Event) => {
    draft.onlyChanged = (target as HTMLInputElement).checked
    session.redraw()
  }
  return html`<section class="card dry-run" aria-labelledby="dry-run-title" data-changed=${changed.length}
    data-runs=${runs.length}>
    <header class="plot-head"><h2 id="dry-run-title">Dry run</h2>
      <label class="check"><input type="checkbox" .checked=${draft.onlyChanged} @change=${toggle} /> Only changes</label>
    </header>
    ${runs.length === 0 ? notYet(draft) : summary(draft, changed.length, runs.length)}
    ${runs.length === 0 ? '' : balance(runs)}
    <ul class="runs" role="list">${[...shown].reverse().map(runRow)}</ul>
  </section>`
}

function notYet({ state }: WorkflowDraft): TemplateResult {
  const text = state === 'problems' || state === 'malformed' ? 'Solve the problems first.' : 'Checking…'
  return html`<p class="soft">${text}</p>`
}

function summary({ review }: WorkflowDraft, changed: number, all: number): TemplateResult {
  const recorded = review?.recordedCount ?? 0
  return html`<p class="dry-run-summary">
    ${
      changed === 0
        ? html`<b>Nothing changes</b> for the last ${all} requests.`
        : html`<b>${changed} of the last ${all}</b>
        requests would be routed differently.`
    }
    ${
      recorded === 0
        ? ''
        : html`<span class="soft">${recorded === all ? 'All are' : `${recorded} are`} from the recorded
        day, until the desk has had enough requests.</span>`
    }
  </p>`
}

/** The number of requests of each workflow, before and after, if it differs. */
function balance(runs: readonly DryRunRow[]): TemplateResult {
  const counts = new Map<string, [before: number, after: number]>()
  const of = ({ workflow }: RoutedResult) => workflow ?? 'No workflow: everyone'
  for (const { before, after } of runs) {
    const [was, is] = [of(before), of(after)]
    counts.set(was, [(counts.get(was)?.[0] ?? 0) + 1, counts.get(was)?.[1] ?? 0])
    counts.set(is, [counts.get(is)?.[0] ?? 0, (counts.get(is)?.[1] ?? 0) + 1])
  }
  const moved = [...counts].filter(([, [before, after]]) => before !== after)
  if (moved.length === 0) return html``
  return html`<table class="balance">
    <caption class="hidden">Requests for each workflow, before and after</caption>
    <thead><tr><th scope="col">Workflow</th><th scope="col">Now</th><th scope="col">Then</th></tr></thead>
    <tbody>${moved.map(
      ([name, [before, after]]) => html`<tr><th scope="row">${name}</th><td>${before}</td>
        <td class=${after > before ? 'more' : 'less'}>${after}</td></tr>`,
    )}</tbody>
  </table>`
}

function runRow({ requestId, facts, before, after, isChanged }: DryRunRow): TemplateResult {
  return html`<li class="run" data-request=${requestId} data-is-changed=${isChanged}>
    <p><strong>${nameText(facts)}</strong> <span class="soft">${topicText(facts)} ·
      ${factText(facts, 'question')}</span></p>
    ${isChanged ? html`<p class="route before"><span class="hidden">Now: </span>${routedResultText(before)}</p>` : ''}
    <p class="route after">${icon('route')}<span class="hidden">${isChanged ? 'Then: ' : 'Now and then: '}</span>
      <span>${routedResultText(after)}</span></p>
  </li>`
}

function routedResultText(result: RoutedResult): TemplateResult {
  const extras = extrasText(result)
  return html`<b>${result.workflow ?? 'No workflow'}</b> to ${routeText(result.route)}${extras === '' ? '' : ` (${extras})`}`
}
