import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  browserNotifier,
  handleNotificationClicks,
  type NotificationClick,
  type NotificationPage,
  type NotificationWorker,
} from '../../src/portal'

afterEach(() => vi.unstubAllGlobals())

const tick = () => new Promise((resolve) => setImmediate(resolve))
const onAction = vi.fn()
const request = { title: 'r1 waits', staffId: 'ana', requestId: 'r1', accept: 'Accept', onAction }

/** Browsers differ in whether they allow notifications at all, from a page, or from a service worker. */
function browser({ permission = 'granted', hasWorker = false, isPhone = false } = {}) {
  const open: Shown[] = []
  class Shown {
    static readonly permission = permission
    readonly title: string
    readonly options: Record<string, unknown>
    onclick?: () => void
    constructor(title: string, options: Record<string, unknown>) {
      if (isPhone) throw new TypeError('Illegal constructor')
      this.title = title
      this.options = options
      open.push(this)
    }
    get data() {
      return this.options.data
    }
    close() {
      open.splice(open.indexOf(this), 1)
    }
  }
  const withTag = (tag: unknown) => open.filter(({ options }) => options.tag === tag)
  const registration = {
    active: {},
    showNotification: async (title: string, options: Record<string, unknown>) => {
      await tick()
      for (const same of withTag(options.tag)) same.close()
      new Shown(title, options)
    },
    getNotifications: async ({ tag }: { tag: string }) => {
      await tick()
      await tick()
      return withTag(tag)
    },
  }
  const focus = vi.fn()
  const serviceWorker = { getRegistration: async () => (hasWorker ? registration : undefined) }
  vi.stubGlobal('Notification', Shown)
  vi.stubGlobal('navigator', { serviceWorker })
  vi.stubGlobal('location', { href: 'https://desk.example/portal' })
  vi.stubGlobal('window', { focus })
  return { open, focus }
}

describe('a notification', () => {
  it('[B12] has an Accept button where the page has a service worker, and is closed when the ring ends', async () => {
    const { open } = browser({ hasWorker: true })
    const hide = browserNotifier(request)
    await tick()
    await tick()
    const data = { frontbell: 'ana', requestId: 'r1', url: 'https://desk.example/portal' }
    const actions = [{ action: 'accept', title: 'Accept' }]
    const options = { tag: 'frontbell:ana:r1', requireInteraction: true, data, actions }
    expect(open).toMatchObject([{ title: 'r1 waits', options }])
    browserNotifier({ ...request, requestId: 'r2' })
    await tick()
    await tick()
    hide()
    for (let turn = 0; turn < 5; turn += 1) await tick()
    expect(open.map(({ options: { tag } }) => tag)).toEqual(['frontbell:ana:r2'])
  })

  it('[B12] is shown when a ring ends and starts again before the first one could be closed', async () => {
    const { open } = browser({ hasWorker: true })
    const hide = browserNotifier(request)
    for (let turn = 0; turn < 5; turn += 1) await tick()
    hide()
    browserNotifier({ ...request, title: 'r1 waits again' })
    for (let turn = 0; turn < 10; turn += 1) await tick()
    expect(open).toMatchObject([{ title: 'r1 waits again' }])
  })

  it('[B12] is closed also when the ring ends before it was shown', async () => {
    const { open } = browser({ hasWorker: true })
    browserNotifier(request)()
    for (let turn = 0; turn < 5; turn += 1) await tick()
    expect(open).toEqual([])
  })

  it('[B12] is a plain one without a service worker, and brings the page to the front', async () => {
    const { open, focus } = browser()
    const hide = browserNotifier(request)
    await tick()
    expect(open).toMatchObject([{ title: 'r1 waits', options: { tag: 'frontbell:ana:r1' } }])
    open[0]?.onclick?.()
    expect({ focused: focus.mock.calls.length, onAction: onAction.mock.calls, open }).toEqual({
      focused: 1,
      onAction: [['open']],
      open: [],
    })
    hide()
  })

  it.each([
    ['that supports none', { permission: 'granted', isPhone: true }],
    ['that forbids them', { permission: 'denied' }],
    ['that was not asked', { permission: 'default' }],
  ])('[B12] is left out in a browser %s', async (_, kind) => {
    const { open } = browser(kind)
    const hide = browserNotifier(request)
    await tick()
    hide()
    await tick()
    expect(open).toEqual([])
  })

  it('[B12] is left out where the API is missing', () => {
    vi.stubGlobal('Notification', undefined)
    expect(() => browserNotifier(request)()).not.toThrow()
  })
})

describe('the service worker', () => {
  const data = { frontbell: 'ana', requestId: 'r1', url: 'https://desk.example/portal' }

  it.each([
    ['accept', 'accept'],
    ['', 'open'],
  ])('[B13] forwards a click on %j to the pages, and brings the right one to the front', async (action, forwarded) => {
    const worker = workerWith(['https://desk.example/other', data.url])
    await worker.click(action, data)
    const message = { ...data, action: forwarded }
    expect(worker.messages).toEqual([message, message])
    expect(worker.acts).toEqual(['close', `focus ${data.url}`])
  })

  it('[B13] opens the page when it has been closed', async () => {
    const worker = workerWith([])
    await worker.click('', data)
    expect(worker.acts).toEqual(['close', `open ${data.url}`])
  })

  it('[B13] ignores notifications of other libraries', async () => {
    const worker = workerWith([data.url])
    await worker.click('', null)
    await worker.click('', { mail: 7 })
    expect(worker.acts).toEqual([])
  })
})

function workerWith(urls: readonly string[]) {
  const acts: string[] = []
  const messages: unknown[] = []
  let onClick: (event: NotificationClick) => void = () => {}
  const pages: NotificationPage[] = urls.map((url) => ({
    url,
    postMessage: (message) => void messages.push(message),
    focus: async () => void acts.push(`focus ${url}`),
  }))
  const worker: NotificationWorker = {
    addEventListener: (_, listener) => {
      onClick = listener
    },
    clients: { matchAll: async () => pages, openWindow: async (url) => void acts.push(`open ${url}`) },
  }
  handleNotificationClicks(worker)
  const click = async (action: string, content: unknown) => {
    let done: Promise<unknown> = Promise.resolve()
    const notification = { data: content, close: () => void acts.push('close') } as NotificationClick['notification']
    onClick({
      action,
      notification,
      waitUntil: (work) => {
        done = work
      },
    })
    await done
  }
  return { acts, messages, click }
}
