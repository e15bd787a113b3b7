import { html, type TemplateResult } from 'lit-html'
import { icon } from '../staff/icon'
import { nextTheme, theme } from '../theme'
import { overview } from './overview'
import type { SupervisorSession, View } from './supervisor-session'
import type { WorkflowDraft } from './workflows/workflow-draft'
import { workflowView } from './workflows/workflow-view'

const views: readonly (readonly [view: View, label: string])[] = [
  ['now', 'Now'],
  ['workflows', 'Workflows'],
]

/** The whole supervisor's page. */
export function supervisorPage(session: SupervisorSession, draft: WorkflowDraft): TemplateResult {
  const mode = theme()
  const changeTheme = () => {
    nextTheme()
    session.redraw()
  }
  return html`<div class="supervisor">
    <header class="top">
      <span class="brand"><span class="mark">${icon('bell')}</span><b>frontbell</b></span>
      <nav class="views" aria-label="Pages">
        ${views.map(
          ([view, label]) => html`<a href=${view === 'now' ? '/supervisor' : '#workflows'} data-view=${view}
            aria-current=${session.view === view ? 'page' : 'false'}
            @click=${(event: Event) => {
              event.preventDefault()
              session.show(view)
            }}>${label}${view === 'workflows' && draft.isChanged ? html`<span class="dot" title="Not saved"></span>` : ''}</a>`,
        )}
      </nav>
      <span class="state">${session.connection === 'live' ? '' : 'Reconnecting…'}</span>
      <a class="to-portal" href="/staff">Staff portal</a>
      <button class="ghost" aria-label="Theme: ${mode}" title="Theme: ${mode}" @click=${changeTheme}>
        ${icon(mode === 'auto' ? 'auto' : mode === 'light' ? 'sun' : 'moon')}</button>
    </header>
    ${session.connection === 'reconnecting' ? html`<p class="banner" role="alert">The line is down. Reconnecting…</p>` : ''}
    ${session.view === 'now' ? overview(session) : workflowView(session, draft)}
    <p class="hidden" role="status">${session.message}</p>
  </div>`
}
