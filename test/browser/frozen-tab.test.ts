import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchPlainChromium, skipsBrowser } from './fixtures/chromium'
import { countNotes } from './fixtures/count-notes'
import { type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'
import { ringingTab } from './fixtures/ringing-tab'
import { expectAgreement, type StaffTab } from './fixtures/screen-agreement'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 60_000 }

/** The freeze of the page lifecycle, as phones and energy-saving browsers apply it to background tabs. */
describe.skipIf(skipsBrowser())('a tab that the browser freezes while it rings', () => {
  let desk: DeskInBrowser
  let plain: Awaited<ReturnType<typeof launchPlainChromium>>
  let tabs: readonly StaffTab[] = []
  let frozen: Page
  let session: CDPSession
  const agree = () => expectAgreement(tabs, (staffId) => desk.live.desk.portal(staffId))
  const ring = (requestId: string) =>
    desk.live.desk.requestChat({ requestId, visitorId: `of ${requestId}`, facts: { topic: 'server' } })

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { remindAfterMs: null } })
    plain = await launchPlainChromium()
    const [context] = plain.browser.contexts() as [BrowserContext]
    const own = [await signedIn(context), await signedIn(context)]
    tabs = [
      ...own.map((page) => ({ page, staffId: 'ana', profile: 'ana' })),
      { page: await desk.portal('bo'), staffId: 'bo', profile: 'bo' },
    ]
  })
  afterAll(async () => {
    await plain?.close()
    await desk?.close()
  })

  it('[B17] falls silent, and the next tab of the same staff member sounds', async () => {
    await ring('r1')
    for (const { page } of tabs) await page.waitForSelector('body[data-bell="ringing"]', slow)
    await agree()
    const own = tabs.filter(({ staffId }) => staffId === 'ana').map(({ page }) => page)
    frozen = await ringingTab(own)
    await frozen.evaluate(countNotes)
    await frozen.evaluate(noteLifecycle)
    session = await frozen.context().newCDPSession(frozen)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    const [other] = own.filter((page) => page !== frozen) as [Page]
    await other.waitForSelector('body[data-sound="ringing"]', slow)
    const notes = await frozen.evaluate('globalThis.notes')
    await new Promise((later) => setTimeout(later, 4_000))
    expect(await frozen.evaluate('globalThis.notes')).toBe(notes)
  })

  it('shows the state of the desk when it resumes, after another tab accepted and a second request rang', async () => {
    await ring('r2')
    const [bo] = tabs.filter(({ staffId }) => staffId === 'bo')
    await bo?.page.click('.row[data-request="r1"]')
    await bo?.page.click('[data-action="accept"]')
    await expect.poll(() => desk.live.desk.portal('ana')?.ringing.map(({ requestId }) => requestId)).toEqual(['r2'])
    expect(await frozen.evaluate('document.querySelector(".row[data-request=r1]") !== null')).toBe(true)
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await frozen.bringToFront()
    await agree()
    expect(await frozen.evaluate('globalThis.lifecycle')).toEqual(['freeze', 'resume'])
    expect(Number(await frozen.evaluate('globalThis.longestPauseMs'))).toBeGreaterThan(3_000)
  })

  it('stays silent when the ringing request is accepted', async () => {
    await desk.live.desk.accept('r2', 'bo')
    for (const { page } of tabs) await page.waitForSelector('body[data-bell="silent"]', slow)
    await agree()
    const notes = await frozen.evaluate('globalThis.notes')
    await new Promise((later) => setTimeout(later, 2_500))
    expect(await frozen.evaluate('globalThis.notes')).toBe(notes)
  })

  async function signedIn(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${desk.live.url}/staff?as=ana`)
    await page.waitForSelector('body[data-connection="live"]', slow)
    return page
  }
})

const noteLifecycle = `(() => {
  globalThis.lifecycle = []
  for (const type of ['freeze', 'resume']) document.addEventListener(type, () => globalThis.lifecycle.push(type))
})()`
