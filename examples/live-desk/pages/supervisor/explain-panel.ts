import type { StaffView } from 'frontbell'
import type { EvaluatedWorkflow, TracedCondition } from 'frontbell/routing'
import { html, type TemplateResult } from 'lit-html'
import type { ExplainedRequest } from '../../supervisor/supervisor-protocol'
import { ageText, factRows, factText, nameText, staffReasonText, topicText } from '../labels'
import { openSelectByKey } from '../open-select-by-key'
import { icon } from '../staff/icon'
import type { SupervisorSession } from './supervisor-session'

/** One request: for whom it rings, why not for the others, and how it was routed. */
export function explainPanel(session: SupervisorSession): TemplateResult {
  const { explained } = session
  if (explained === null || explained.request.requestId !== session.shownId) {
    const isClosed = session.selectedId !== null && session.shownId === null
    const [title, text] = isClosed
      ? ['No longer open', session.message || 'It was accepted, or the visitor stopped waiting.']
      : ['Nothing to explain', 'Pick a request to see for whom it rings, and why not for the others.']
    return html`<section class="card explain" aria-label="Selected request">
      <div class="empty">${icon('route')}<strong>${title}</strong><p>${text}</p></div>
    </section>`
  }
  const { request } = explained
  const back = () => {
    session.isPanelOpen = false
    session.redraw()
  }
  return html`<section class="card explain" aria-label="Selected request" data-explained=${request.requestId}
    tabindex="-1">
    <header class="explain-head">
      <button class="ghost back" aria-label="Back to the list" @click=${back}>${icon('back')}</button>
      <div><h2>${nameText(request.facts)}</h2>
        <p>${topicText(request.facts)} · waits ${ageText(request.openedAt, session.now())} · step ${request.step + 1}</p>
      </div>
      ${assignTo(session, request.requestId)}
    </header>
    <p class="question">${factText(request.facts, 'question') || 'No question was written.'}</p>
    ${people(session, explained)}
    <h3>How it was routed</h3>
    <p class="workflow">${icon('route')}<span>${request.workflow ?? 'No workflow matched, so everyone is rung'}</span></p>
    ${evaluatedWorkflows(explained)}
    <h3>Facts</h3>
    <dl class="facts">${factRows(request.facts).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
  </section>`
}

function assignTo(session: SupervisorSession, requestId: string): TemplateResult {
  const give = ({ target }: Event) => {
    const select = target as HTMLSelectElement
    if (select.value !== '') session.assign(requestId, select.value)
    select.value = ''
  }
  return html`<label class="select"><span class="hidden">Give this request to</span>
    <select data-action="assign" @keydown=${openSelectByKey} @change=${give}>
      <option value="">Give to…</option>
      ${session.staff.map(
        ({ id, name, state, load, capacity }) =>
          html`<option value=${id} ?disabled=${state === 'absent'}>${name} (${load} of ${capacity})</option>`,
      )}
    </select>
  </label>`
}

function people(session: SupervisorSession, { explanation }: ExplainedRequest): TemplateResult {
  const byReason = new Map<string, string[]>()
  for (const { staffId, reason } of explanation.staff) byReason.set(reason, [...(byReason.get(reason) ?? []), staffId])
  const rung = byReason.get('rung') ?? []
  byReason.delete('rung')
  return html`<h3>Rings for</h3>
    <p class="chips" data-rung=${rung.join(' ')}>
      ${rung.length === 0 ? html`<span class="badge over-capacity">Nobody at the moment</span>` : ''}
      ${rung.map((id) => html`<span class="badge ringing">${icon('bell')}${session.nameOf(id)}</span>`)}
    </p>
    <h3>Not for</h3>
    <dl class="reasons">
      ${[...byReason].map(
        ([reason, ids]) => html`<div data-reason=${reason}><dt>${staffReasonText(reason)}</dt>
          <dd>${ids.map((id: StaffView['staffId']) => session.nameOf(id)).join(', ')}</dd></div>`,
      )}
    </dl>`
}

function evaluatedWorkflows({ explanation }: ExplainedRequest): TemplateResult {
  const { trace } = explanation
  if (trace === null) return html`<p class="soft">Routed in an earlier run: its conditions are no longer known.</p>`
  return html`<ol class="evaluated">${trace.evaluated.map(evaluatedWorkflow)}</ol>
    ${
      trace.rejected.length === 0
        ? ''
        : html`<details><summary>${trace.rejected.length} others do not match at a glance</summary>
            <p class="soft">${trace.rejected.join(' · ')}</p></details>`
    }`
}

function evaluatedWorkflow({ workflow, type, isMatch, conditions, failure }: EvaluatedWorkflow): TemplateResult {
  return html`<li class=${isMatch ? 'met' : 'unmet'}>
    <span class="sign" aria-hidden="true">${isMatch ? '✓' : '×'}</span>
    <div><b>${workflow}</b>${type === 'route' ? '' : html` <span class="badge plain">${type}</span>`}
      <span class="hidden">${isMatch ? 'matches' : 'does not match'}</span>
      ${failure === null ? '' : html`<p class="bad">${failure}</p>`}
      ${conditions === null ? '' : comparisons(conditions).map((text) => html`<code>${text}</code>`)}</div>
  </li>`
}

/** Each comparison as it was evaluated: `topic equal "server": got "sales"`. */
function comparisons(condition: TracedCondition): readonly string[] {
  if ('parts' in condition) return condition.parts.flatMap(comparisons)
  const { fact, operator, expected, actual, matched } = condition
  const comparison = `${fact} ${operator} ${JSON.stringify(expected)}`
  if (matched === null) return [`${comparison}: not evaluated`]
  return [matched ? comparison : `${comparison}: got ${JSON.stringify(actual)}`]
}
