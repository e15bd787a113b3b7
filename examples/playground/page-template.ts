import type { Explanation, Staff } from 'frontbell'
import { html, nothing, type TemplateResult } from 'lit-html'
import type { PlaygroundDesk } from './playground-desk'

export interface PageState {
  /** The request that is explained; `null`: the newest. */
  selectedId: string | null
  workflows: string
  roster: string
  workflowsProblem: string
  rosterProblem: string
}

type Changed = () => void

/** The whole page. */
export function pageTemplate(playground: PlaygroundDesk, state: PageState, changed: Changed): TemplateResult {
  return html`
    <header>
      <div>
        <h1>${mark} frontbell <small>playground</small></h1>
        <p>The real library, in this page. Nothing is sent anywhere.</p>
      </div>
      <section class="clock" aria-label="Clock">
        <time>${hour(playground.clock.now())}</time>
        ${[1, 10, 60, 600].map(
          (seconds) =>
            html`<button @click=${() => playground.advance(seconds)} data-pass=${seconds}>+${durationText(seconds)}</button>`,
        )}
      </section>
    </header>
    <div class="columns">
      <div class="column">${requestForm(playground)} ${editors(playground, state, changed)}</div>
      <section class="column" aria-label="Staff">
        <h2>Staff</h2>
        <div class="people">${playground.roster.map((person) => personCard(playground, person))}</div>
      </section>
      <div class="column">${explanation(playground, state, changed)} ${journal(playground)}</div>
    </div>
  `
}

function requestForm(playground: PlaygroundDesk): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    const facts = [...form].map(([name, value]): [string, string] => [name, String(value)])
    return playground.requestChat(Object.fromEntries(facts))
  }
  return html`
    <form class="card" @submit=${submit}>
      <h2>A visitor asks for a chat</h2>
      ${choice('topic', ['server', 'billing', 'other'])} ${choice('plan', ['free', 'gold'])}
      ${choice('country', ['US', 'DE', 'IN'])}
      <button class="main">Ask</button>
    </form>
  `
}

function choice(name: string, words: readonly string[]): TemplateResult {
  return html`
    <label>${name}<select name=${name}>${words.map((word) => html`<option>${word}</option>`)}</select></label>
  `
}

function editors(playground: PlaygroundDesk, state: PageState, changed: Changed): TemplateResult {
  const save = (name: 'workflows' | 'roster', set: (json: string) => Promise<string>) => async () => {
    state[`${name}Problem`] = await set(state[name])
    changed()
  }
  const editor = (name: 'workflows' | 'roster', onSave: () => Promise<void>) => html`
    <details class="card" ?open=${name === 'workflows'}>
      <summary>${name}</summary>
      <textarea
        spellcheck="false"
        aria-label=${name}
        .value=${state[name]}
        @input=${(event: InputEvent) => {
          state[name] = (event.target as HTMLTextAreaElement).value
        }}
      ></textarea>
      ${state[`${name}Problem`] === '' ? nothing : html`<pre class="problem" role="alert">${state[`${name}Problem`]}</pre>`}
      <button data-save=${name} @click=${onSave}>Use these</button>
    </details>
  `
  return html`${editor('workflows', save('workflows', playground.setWorkflows))}
  ${editor('roster', save('roster', playground.setRoster))}`
}

function personCard({ desk }: PlaygroundDesk, { id, name }: Staff): TemplateResult {
  const view = desk.staff(id)
  const portal = desk.portal(id)
  if (view === undefined || portal === undefined) return html``
  const rings = portal.ringing.length > 0
  const isAway = view.availability === 'away'
  const togglePresence = () => (view.isPresent ? desk.disconnect(id, 'here') : desk.connect(id, 'here'))
  return html`
    <article class="card person" data-staff=${id} data-bell=${rings ? 'ringing' : 'silent'}>
      <header>
        <span class="bell" role="img" aria-label=${rings ? 'ringing' : 'silent'}></span>
        <b>${name ?? id}</b>
        <small>${(view.teams ?? []).join(', ')} · ${portal.chats.length} of ${view.capacity}</small>
        <button @click=${() => desk.setAvailability(id, isAway ? 'available' : 'away')} aria-pressed=${isAway}>
          ${isAway ? 'Come back' : 'Away'}
        </button>
        <button @click=${togglePresence}>${view.isPresent ? 'Leave' : 'Come'}</button>
      </header>
      ${portal.awaiting.map(
        ({ requestId, reason }) => html`
          <p class="row" data-reason=${reason}>
            <span>${requestId} <small>${reason}</small></span>
            <button class="main" @click=${() => desk.accept(requestId, id)}>Accept</button>
            ${
              reason === 'muted'
                ? html`<button @click=${() => desk.unmute(requestId, id)}>Unmute</button>`
                : html`<button @click=${() => desk.mute(requestId, id)}>Mute</button>`
            }
          </p>
        `,
      )}
      ${portal.chats.map(
        ({ requestId }) => html`
          <p class="row"><span>${requestId} <small>chatting</small></span>
            <button @click=${() => desk.end(requestId)}>End</button></p>
        `,
      )}
    </article>
  `
}

function explanation({ desk, requestIds, roster }: PlaygroundDesk, state: PageState, changed: Changed): TemplateResult {
  const id = requestIds.find((each) => each === state.selectedId) ?? requestIds[0]
  const explained = id === undefined ? undefined : desk.explain(id)
  const pick = (each: string) => () => {
    state.selectedId = each
    changed()
  }
  return html`
    <section class="card" aria-label="Explanation">
      <h2>Why</h2>
      <nav>
        ${requestIds.map((each) => html`<button aria-pressed=${each === id} @click=${pick(each)}>${each}</button>`)}
      </nav>
      ${explained === undefined ? html`<p class="soft">No open request.</p>` : reasons(explained, roster)}
    </section>
  `
}

function reasons({ workflow, step, staff }: Explanation, roster: readonly Staff[]): TemplateResult {
  return html`
    <p><b>${workflow ?? 'No workflow matched: everyone'}</b><br><small>step ${step + 1}</small></p>
    <ul class="reasons">
      ${staff.map(
        ({ staffId, reason }) => html`
          <li data-reason=${reason}><span>${roster.find(({ id }) => id === staffId)?.name ?? staffId}</span><em>${reason}</em></li>
        `,
      )}
    </ul>
  `
}

function journal({ entries }: PlaygroundDesk): TemplateResult {
  return html`
    <section class="card" aria-label="What happened">
      <h2>What happened</h2>
      <ol class="journal" aria-live="polite">
        ${entries.map(({ at, kind, text }) => html`<li data-kind=${kind}><time>${hour(at)}</time> ${text}</li>`)}
      </ol>
    </section>
  `
}

function hour(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

function durationText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${seconds / 60} min`
}

/** A bell on a desk. */
const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M11 4h2v2.1a8 8 0 0 1 7 7.9H4a8 8 0 0 1 7-7.9zM3 16h18v3H3z"></path>
</svg>`
