import { html, type TemplateResult } from 'lit-html'
import type { Colleague } from '../../chat/chat-protocol'
import { initial } from '../labels'
import { icon } from './icon'

/** Choose a staff member. The demo needs no password; a real host has its own sign-in before this page. */
export function signIn(colleagues: readonly Colleague[], choose: (staffId: string) => void): TemplateResult {
  return html`<main class="sign-in">
    <span class="mark silent">${icon('bell')}</span>
    <h1>Who is at the desk?</h1>
    <p>Sign in as one of the roster. Open a second window for a colleague.</p>
    <div class="people">
      ${colleagues.map(
        ({ id, name, teams, isPresent }) => html`<button class="person" data-staff=${id} @click=${() => choose(id)}>
          <span class="avatar" aria-hidden="true">${initial(name)}</span>
          <span><strong>${name}</strong><small>${teams.join(', ')}</small></span>
          ${isPresent ? html`<span class="badge chat">here</span>` : ''}
        </button>`,
      )}
    </div>
    <p class="other-page"><a href="/supervisor">Open the supervisor's page</a></p>
  </main>`
}
