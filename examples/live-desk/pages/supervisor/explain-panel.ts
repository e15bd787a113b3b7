import type { StaffView } from 'frontbell'
import type { EvaluatedWorkflow, TracedCondition } from 'frontbell/routing'
import { html, type TemplateResult } from 'lit-html'
import type { ExplainedRequest } from '../../supervisor/supervisor-protocol'
import { ageText, factRows, factText, nameText, topicText, whyNotText } from '../labels'
import { openSelectByKey } from '../open-select-by-key'
import { icon } from '../staff/icon'
import type { SupervisorSession } from './supervisor-session'

/** One request: who is rung, why not the others, and how it came there. */
export function explainPanel(session: SupervisorSession): TemplateResult {
  const { explained } = session
  if (explained === null || explained.request.requestId !== session.shownId) {
    const isGone = session.selectedId !== null && session.shownId === null
    const [title, text] = isGone
      ? ['No longer open', session.said || 'Somebody has it, or the visitor stopped waiting.']
      : ['Nothing to explain', 'Pick a request to see who is rung, and why not the others.']
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
    <p class="asked">${factText(request.facts, 'question') || 'No question was written.'}</p>
    ${people(session, explained)}
    <h3>How it came there</h3>
    <p class="workflow">${icon('route')}<span>${request.workflow ?? 'No workflow matched, so everyone is rung'}</span></p>
    ${tried(explained)}
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
  const byWhy = new Map<string, string[]>()
  for (const { staffId, reason } of explanation.staff) byWhy.set(reason, [...(byWhy.get(reason) ?? []), staffId])
  const rung = byWhy.get('rung') ?? []
  byWhy.delete('rung')
  return html`<h3>Rings for</h3>
    <p class="chips" data-rung=${rung.join(' ')}>
      ${rung.length === 0 ? html`<span class="badge over-capacity">Nobody at the moment</span>` : ''}
      ${rung.map((id) => html`<span class="badge ringing">${icon('bell')}${session.nameOf(id)}</span>`)}
    </p>
    <h3>Not for</h3>
    <dl class="reasons">
      ${[...byWhy].map(
        ([reason, ids]) => html`<div data-why=${reason}><dt>${whyNotText(reason)}</dt>
          <dd>${ids.map((id: StaffView['staffId']) => session.nameOf(id)).join(', ')}</dd></div>`,
      )}
    </dl>`
}

function tried({ explanation }: ExplainedRequest): TemplateResult {
  const { trace } = explanation
  if (trace === null) return html`<p class="soft">Routed in an earlier run: its conditions are no longer known.</p>`
  return html`<ol class="tried">${trace.evaluated.map(triedWorkflow)}</ol>
    ${
      trace.rejected.length === 0
        ? ''
        : html`<details><summary>${trace.rejected.length} others do not match at a glance</summary>
            <p class="soft">${trace.rejected.join(' · ')}</p></details>`
    }`
}

function triedWorkflow({ workflow, type, isMatch, conditions, failure }: EvaluatedWorkflow): TemplateResult {
  return html`<li class=${isMatch ? 'met' : 'unmet'}>
    <span class="sign" aria-hidden="true">${isMatch ? '✓' : '×'}</span>
    <div><b>${workflow}</b>${type === 'route' ? '' : html` <span class="badge plain">${type}</span>`}
      <span class="hidden">${isMatch ? 'matches' : 'does not match'}</span>
      ${failure === null ? '' : html`<p class="bad">${failure}</p>`}
      ${conditions === null ? '' : comparisons(conditions).map((text) => html`<code>${text}</code>`)}</div>
  </li>`
}

/** Each comparison as it was made: `topic equal "server": found "server"`. */
function comparisons(condition: TracedCondition): readonly string[] {
  if ('parts' in condition) return condition.parts.flatMap(comparisons)
  const { fact, operator, expected, actual, matched } = condition
  const wanted = `${fact} ${operator} ${JSON.stringify(expected)}`
  if (matched === null) return [`${wanted}: not looked at`]
  return [matched ? wanted : `${wanted}: found ${JSON.stringify(actual)}`]
}
