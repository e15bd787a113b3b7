import type { Clock } from 'frontbell'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchChromium, skipsBrowser } from './fixtures/chromium'
import { countNotes } from './fixtures/count-notes'
import { askForChat, type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'
import { ringingTab } from './fixtures/ringing-tab'
import { expectAgreement, type StaffTab } from './fixtures/screen-agreement'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const offlineMs = 30_000
const hourMs = 3_600_000

/** Three staff members, each in a browser of their own with two tabs, and one visitor, with common faults. */
describe.skipIf(skipsBrowser())('three browsers with two tabs each', () => {
  let desk: DeskInBrowser
  let browsers: readonly Browser[] = []
  let tabs: readonly StaffTab[] = []
  let shop: Page
  const of = (staffId: string) => tabs.filter((tab) => tab.staffId === staffId).map(({ page }) => page)
  const first = (staffId: string) => of(staffId)[0] as Page
  const agree = () => expectAgreement(tabs, (staffId) => desk.live.desk.portal(staffId))

  beforeAll(async () => {
    desk = await deskInBrowser({ clock: movableClock(), policy: { presenceGraceMs: 500, abandonAfterMs: 1_500 } })
    browsers = await Promise.all(people.map(() => launchChromium()))
    const opened = await Promise.all(people.map((staffId, index) => twoTabs(browsers[index] as Browser, staffId)))
    tabs = opened.flat()
    shop = await desk.shop('/docs/ssh-keys')
  })
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()))
    await desk?.close()
  })
  afterEach(async () => {
    for (const { requestId } of desk.live.desk.awaiting()) await desk.live.desk.cancel(requestId)
    for (const staffId of people)
      for (const { requestId } of desk.live.desk.portal(staffId)?.chats ?? []) await desk.live.desk.end(requestId)
    // The shop's page is notified a moment later that its chat has ended: the click waits for that.
    if (await shop.isVisible('.widget:not([data-phase="none"])')) await shop.click('.ended .send')
  })

  it('sound in one tab of each staff member, show in both, and are silent in all when one tab accepts', async () => {
    await ask('Can you raise the disk?')
    await bell(tabs, 'ringing')
    await agree()
    await (of('bo')[1] as Page).click('[data-action="accept"]')
    await bell(tabs, 'silent')
    await agree()
    expect(desk.live.desk.portal('bo')?.chats).toHaveLength(1)
  })

  it('agree after a visitor closed the page while it rang, at once and when the request is abandoned', async () => {
    const other = await desk.shop('/pricing')
    await askForChat(other, { name: 'Tom', topic: 'server', question: 'Do you still answer?' })
    await bell(tabs, 'ringing')
    await other.context().close()
    await bell(tabs, 'silent')
    await agree()
    await expect.poll(() => desk.live.desk.awaiting(), { timeout: 20_000 }).toEqual([])
    await agree()
  })

  it('have one winner of fifty-four concurrent accepts of one request, and no other chat', async () => {
    const winners: string[] = []
    const leave = desk.live.desk.on('request.accepted', ({ staffId }) => winners.push(staffId))
    await ask('Who is the fastest?')
    await bell(tabs, 'ringing')
    const requestId = desk.live.desk.awaiting()[0]?.requestId ?? ''
    const outcomes = (await Promise.all(tabs.map(({ page }) => page.evaluate(acceptNineTimes(requestId))))).flat()
    leave()
    expect(outcomes).toHaveLength(54)
    expect(winners).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'taken']))
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(18)
    await agree()
    expect(people.flatMap((staffId) => desk.live.desk.portal(staffId)?.chats ?? [])).toHaveLength(1)
  })

  it('agree after one was offline for 30 seconds, while a request was accepted and another opened', async () => {
    await ask('Is my server up?')
    await bell(tabs, 'ringing')
    const context = first('chidi').context()
    await context.setOffline(true)
    const since = Date.now()
    for (const page of of('chidi')) await page.waitForSelector('.banner:has-text("Reconnecting")', { timeout: 60_000 })
    await bell(
      tabs.filter(({ staffId }) => staffId === 'chidi'),
      'silent',
    )
    await first('ana').click('[data-action="accept"]')
    const other = await desk.shop('/docs/ssh-keys')
    await askForChat(other, { name: 'Ewa', topic: 'server', question: 'And mine?' })
    await first('bo').click('[data-action="mute"]')
    await expect.poll(() => desk.live.desk.staff('chidi')?.isPresent, { timeout: 60_000 }).toBe(false)
    await new Promise((later) => setTimeout(later, Math.max(0, since + offlineMs - Date.now())))
    await context.setOffline(false)
    await bell(
      tabs.filter(({ staffId }) => staffId === 'chidi'),
      'ringing',
    )
    await agree()
    await other.context().close()
  })

  it('agree when a hung tab continues after another tab accepted, and stay silent', async () => {
    await ask('Will it ring for ever?')
    await bell(tabs, 'ringing')
    const page = await ringingTab(of('ana'))
    await page.evaluate(countNotes)
    const session = await page.context().newCDPSession(page)
    await session.send('Debugger.enable')
    await session.send('Debugger.pause')
    await first('bo').click('[data-action="accept"]')
    await bell(
      tabs.filter(({ staffId }) => staffId !== 'ana'),
      'silent',
    )
    await new Promise((later) => setTimeout(later, 4_000))
    await session.send('Debugger.resume')
    await session.send('Debugger.disable')
    expect(Number(await page.evaluate('globalThis.longestPauseMs'))).toBeGreaterThan(3_000)
    await agree()
    const notes = await page.evaluate('globalThis.notes')
    await new Promise((later) => setTimeout(later, 2_500))
    expect(await page.evaluate('globalThis.notes')).toBe(notes)
    await session.detach()
  })

  it('agree on a page whose clock is an hour wrong, and show the true age there', async () => {
    for (const wrongMs of [hourMs, -hourMs]) {
      const context = await (browsers[0] as Browser).newContext({ locale: 'en-US' })
      await context.addInitScript(wrongClock(wrongMs))
      const tab = await signedIn(context, 'ana', `wrong by ${wrongMs}`)
      await ask('What time is it?')
      await bell([tab], 'ringing')
      await expectAgreement([...tabs, tab], (staffId) => desk.live.desk.portal(staffId))
      expect(await tab.page.textContent('.row[data-request] time')).toMatch(/^[0-2]:\d\d$/)
      await context.close()
      await desk.live.desk.cancel(desk.live.desk.awaiting()[0]?.requestId ?? '')
      await shop.click('.ended .send')
    }
  })

  async function ask(question: string): Promise<void> {
    await askForChat(shop, { name: 'Maya', topic: 'server', question })
  }

  async function twoTabs(browser: Browser, staffId: string): Promise<readonly StaffTab[]> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } })
    return [await signedIn(context, staffId, staffId), await signedIn(context, staffId, staffId)]
  }

  async function signedIn(context: BrowserContext, staffId: string, profile: string): Promise<StaffTab> {
    const page = await context.newPage()
    await page.goto(`${desk.live.url}/staff?as=${staffId}`)
    await page.waitForSelector('body[data-connection="live"]', { timeout: 60_000 })
    return { page, staffId, profile }
  }
})

describe.skipIf(skipsBrowser())('a page that is opened long after the ring started', () => {
  it('rings, shows two hours of waiting, and agrees with the desk', async () => {
    const clock = movableClock()
    const desk = await deskInBrowser({ clock, policy: { remindAfterMs: null } })
    const { desk: bare } = desk.live
    await bare.requestChat({ visitorId: 'early', facts: { name: 'Ruth', topic: 'server', question: 'Hello?' } })
    clock.advance(2 * hourMs)
    await bare.idle()
    const page = await desk.portal('ana')
    const tab = { page, staffId: 'ana', profile: 'ana' }
    await bell([tab], 'ringing')
    await expectAgreement([tab], (staffId) => bare.portal(staffId))
    expect(await page.textContent('.row[data-request] time')).toBe('2 h 0 min')
    await page.click('[data-action="accept"]')
    await bell([tab], 'silent')
    await expectAgreement([tab], (staffId) => bare.portal(staffId))
    await desk.close()
  })
})

const people = ['ana', 'bo', 'chidi']

async function bell(tabs: readonly StaffTab[], state: 'ringing' | 'silent'): Promise<void> {
  await Promise.all(tabs.map(({ page }) => page.waitForSelector(`body[data-bell="${state}"]`, { timeout: 60_000 })))
}

/** The machine's clock with an adjustable offset. */
function movableClock(): Clock & { advance(ms: number): void } {
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  return {
    now,
    wakeAt(at, wake) {
      const timer = setInterval(() => {
        if (now() < at) return
        clearInterval(timer)
        wake()
      }, 20)
      timer.unref()
      return () => clearInterval(timer)
    },
    advance(ms) {
      aheadMs += ms
    },
  }
}

/** Runs in the page: clicks the button once, and sends the command of the button eight more times concurrently. */
const acceptNineTimes = (requestId: string) => `(async () => {
  const { portal } = globalThis.frontdesk
  const command = { type: 'accept', requestId: ${JSON.stringify(requestId)} }
  const outcomes = await Promise.all(Array.from({ length: 9 }, () => portal.execute(command)))
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))
})()`

const wrongClock = (byMs: number) => `(() => {
  const TrueDate = Date
  const now = () => TrueDate.now() + ${byMs}
  globalThis.Date = class extends TrueDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now()] : parts))
    }
    static now() {
      return now()
    }
  }
})()`
