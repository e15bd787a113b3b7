import { afterEach, describe, expect, it, vi } from 'vitest'
import { attachPageAlerts, createFaviconBadge, type Notifier, type RequestNotification } from '../../src/portal'
import { awaitingItem, connectAna, snapshotMessage, updateMessage } from './connected-portal'

afterEach(() => vi.unstubAllGlobals())

/** Returns a notifier that records what it shows. */
function desktop() {
  const shown: RequestNotification[] = []
  const notify: Notifier = (notification) => {
    shown.push(notification)
    return () => void shown.splice(shown.indexOf(notification), 1)
  }
  return { shown, notify, titles: () => shown.map(({ title }) => title) }
}

describe('attachPageAlerts', () => {
  it('[B8] counts in its title and on its icon, and shows a notification for each request as long as it rings', () => {
    const { portal, connection } = connectAna()
    const page = { title: 'Desk' }
    const { notify, titles } = desktop()
    const counts: number[] = []
    const badge = (count: number) => void counts.push(count)
    const unsubscribe = attachPageAlerts(portal, {
      page,
      badge,
      notify,
      describe: ({ requestId }) => `${requestId} waits`,
    })
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2')]))
    expect({ title: page.title, shown: titles() }).toEqual({ title: '(2) Desk', shown: ['r1 waits', 'r2 waits'] })
    connection.receive(updateMessage(1, 2, ['r1'], []))
    expect({ title: page.title, shown: titles() }).toEqual({ title: '(1) Desk', shown: ['r2 waits'] })
    connection.close()
    expect({ title: page.title, shown: titles() }).toEqual({ title: 'Desk', shown: [] })
    expect(counts).toEqual([0, 2, 1, 0])
    unsubscribe()
    portal.open(() => {}).receive(snapshotMessage(3, [awaitingItem('r3')]))
    expect({ title: page.title, shown: titles(), last: counts.at(-1) }).toEqual({ title: 'Desk', shown: [], last: 0 })
  })

  it('[B13] executes an accept when Accept is clicked, or passes every click to the host', () => {
    const { portal, connection, sent } = connectAna()
    const { notify, shown } = desktop()
    const quiet = { page: { title: '' }, badge: () => {}, notify }
    const unsubscribe = attachPageAlerts(portal, { ...quiet, accept: 'Take it' })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    expect(shown[0]).toMatchObject({ staffId: 'ana', requestId: 'r1', accept: 'Take it' })
    shown[0]?.onAction('open')
    expect(sent).toEqual([])
    shown[0]?.onAction('accept')
    expect(sent).toEqual([{ type: 'command', id: '1', command: { type: 'accept', requestId: 'r1' } }])
    unsubscribe()
    connection.receive(snapshotMessage(2, [awaitingItem('r2')]))
    const onAction = vi.fn()
    attachPageAlerts(portal, { ...quiet, onAction })
    shown[0]?.onAction('open')
    expect(onAction.mock.calls).toEqual([['r2', 'open']])
  })

  it('[B13] handles messages of its service worker only about requests that ring on this screen', () => {
    const listeners = new Set<(event: { data: unknown }) => void>()
    const serviceWorker = {
      addEventListener: (_: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
    }
    vi.stubGlobal('navigator', { serviceWorker })
    const { portal, connection, sent } = connectAna()
    const { notify } = desktop()
    const unsubscribe = attachPageAlerts(portal, { page: { title: '' }, badge: () => {}, notify })
    connection.receive(snapshotMessage(1, [awaitingItem('r1')]))
    const postMessage = (data: unknown) => {
      for (const listener of listeners) listener({ data })
    }
    for (const data of [null, 'accept', {}, { frontbell: 'bo', requestId: 'r1', action: 'accept' }]) postMessage(data)
    postMessage({ frontbell: 'ana', requestId: 'r9', action: 'accept' })
    expect(sent).toEqual([])
    postMessage({ frontbell: 'ana', requestId: 'r1', action: 'accept' })
    expect(sent).toMatchObject([{ command: { type: 'accept', requestId: 'r1' } }])
    unsubscribe()
    expect(listeners.size).toBe(0)
  })
})

describe('attachPageAlerts with functions of the host that throw', () => {
  it('[B19] shows every request, and by its id the one that cannot be described', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, connection } = connectAna()
    const { notify, titles } = desktop()
    const describe = ({ requestId }: { requestId: string }) => {
      if (requestId === 'r2') throw new Error('no name')
      return `${requestId} waits`
    }
    const detach = attachPageAlerts(portal, { page: { title: '' }, badge: () => {}, notify, describe })
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2'), awaitingItem('r3')]))
    connection.receive(updateMessage(1, 2, ['r1'], []))
    expect(titles()).toEqual(['r2', 'r3 waits'])
    expect(reported).toHaveBeenCalledTimes(1)
    detach()
    expect(titles()).toEqual([])
    reported.mockRestore()
  })

  it('[B19] counts in the title, and shows and hides the other notifications', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { portal, connection } = connectAna()
    const page = { title: 'Desk' }
    const shown = new Set<string>()
    const notify: Notifier = ({ requestId }) => {
      if (requestId === 'r1') throw new Error('no permission')
      shown.add(requestId)
      return () => {
        shown.delete(requestId)
        if (requestId === 'r2') throw new Error('gone')
      }
    }
    const badge = () => {
      throw new Error('no canvas')
    }
    attachPageAlerts(portal, { page, badge, notify })
    connection.receive(snapshotMessage(1, [awaitingItem('r1'), awaitingItem('r2'), awaitingItem('r3')]))
    expect({ title: page.title, shown: [...shown] }).toEqual({ title: '(3) Desk', shown: ['r2', 'r3'] })
    connection.receive(snapshotMessage(2, [awaitingItem('r4')]))
    expect({ title: page.title, shown: [...shown] }).toEqual({ title: '(1) Desk', shown: ['r4'] })
    expect(reported.mock.calls.map(([error]) => error.message).sort()).toEqual(
      ['gone', 'no canvas', 'no canvas', 'no canvas', 'no permission'].sort(),
    )
    reported.mockRestore()
  })
})

describe('createFaviconBadge', () => {
  it('[B8] is drawn over the icon of the page, and removed again', () => {
    const { page, link, painted } = pageWithIcon()
    const badge = createFaviconBadge(page)
    badge(3)
    expect(link.href).toBe('data:image/png;painted')
    badge(12)
    expect(painted).toEqual(['the icon', '3', 'the icon', '9+'])
    badge(0)
    expect(link.href).toBe('/bell.svg')
  })

  it('[B8] is left out on a page without an icon, and where the browser does not let a page read it', () => {
    const { page, link } = pageWithIcon({ isForeign: true })
    createFaviconBadge(page)(2)
    expect(link.href).toBe('/bell.svg')
    createFaviconBadge({ querySelector: () => null } as unknown as Document)(2)
  })
})

/** The part of a document that an icon needs. */
function pageWithIcon({ isForeign = false } = {}) {
  const link = { href: '/bell.svg' }
  const painted: string[] = []
  const pen = {
    drawImage: () => painted.push('the icon'),
    fillText: (text: string) => painted.push(text),
    arc: () => {},
    fill: () => {},
  }
  const canvas = {
    getContext: () => pen,
    toDataURL: () => {
      if (isForeign) throw new Error('SecurityError: tainted')
      return 'data:image/png;painted'
    },
  }
  const createElement = (name: string) => (name === 'canvas' ? { ...canvas } : { naturalWidth: 32 })
  return { page: { querySelector: () => link, createElement } as unknown as Document, link, painted }
}
