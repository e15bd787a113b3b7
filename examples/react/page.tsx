import { attachPageAlerts, createBell, createPortal, type PortalCommand } from 'frontbell/portal'
import { StrictMode, useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { siteOf } from '../small-desk/site'
import { connect } from '../ws/connect'

const staffId = location.hash.slice(1)
window.addEventListener('hashchange', () => location.reload())
// The portal, its bell and its connection outlive every component: React only reads them.
const portal = createPortal(staffId)
const bell = createBell(portal)
if (staffId !== '') {
  connect(portal, siteOf(location.origin, staffId))
  attachPageAlerts(portal, { describe: ({ facts }) => `A question about ${facts.topic ?? 'something'}` })
  void navigator.serviceWorker?.register('/notifications.js')
}
createRoot(document.body).render(<StrictMode>{staffId === '' ? <SignIn /> : <Screen />}</StrictMode>)

function Screen() {
  const view = useSyncExternalStore(portal.subscribe, portal.getSnapshot)
  const isBlocked = useSyncExternalStore(
    (changed) => bell.subscribe(changed),
    () => bell.isBlocked,
  )
  const [message, setMessage] = useState('')
  const send = async (command: PortalCommand) => {
    const outcome = await portal.execute(command)
    setMessage(outcome.ok ? '' : outcome.message)
  }
  const bellText = view.bell === 'ringing' ? `${view.ringing.length} ringing` : 'quiet'
  const state = view.connection === 'live' ? bellText : view.connection
  return (
    <>
      <header>
        <h1>Front desk with React</h1>
        <span className="state" role="status" data-connection={view.connection} data-bell={view.bell}>
          {state}
        </span>
      </header>
      {isBlocked && (
        <p className="notice">
          This page is silent until you allow sound.
          <button type="button" data-do="unlock" onClick={() => bell.unlock()}>
            Turn the bell on
          </button>
        </p>
      )}
      {message !== '' && <p className="notice">{message}</p>}
      <h2>Waiting</h2>
      {view.awaiting.map(({ requestId, reason, request }) => (
        <div className="item" key={requestId} data-id={requestId} data-reason={reason}>
          <p>
            A question about {String(request.facts.topic ?? 'something')} <small>{reason}</small>
          </p>
          <button
            type="button"
            data-do="mute"
            onClick={() => send({ type: reason === 'muted' ? 'unmute' : 'mute', requestId })}
          >
            {reason === 'muted' ? 'Ring again' : 'Mute'}
          </button>
          <button type="button" className="main" data-do="accept" onClick={() => send({ type: 'accept', requestId })}>
            Accept
          </button>
        </div>
      ))}
      <h2>Your chats</h2>
      {view.chats.map(({ requestId, facts }) => (
        <div className="item" key={requestId} data-chat={requestId}>
          <p>A chat about {String(facts.topic ?? 'something')}</p>
          <button type="button" data-do="end" onClick={() => send({ type: 'end', requestId })}>
            End
          </button>
        </div>
      ))}
      <button type="button" data-do="ask" onClick={askAsVisitor}>
        Play a visitor
      </button>
    </>
  )
}

function SignIn() {
  return (
    <nav>
      <h1>Who are you?</h1>
      {['Ana', 'Bo', 'Cem'].map((name) => (
        <a className="item" key={name} href={`#${name.toLowerCase()}`}>
          {name}
        </a>
      ))}
    </nav>
  )
}

function askAsVisitor() {
  const asked = { visitorId: crypto.randomUUID(), facts: { topic: 'server', page: '/demo' } }
  void fetch('/ask', { method: 'POST', body: JSON.stringify(asked) })
}
