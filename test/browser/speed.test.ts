import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, skipsBrowser } from './chromium'
import { type DeskInBrowser, deskInBrowser } from './desk-in-browser'
import { mainThreadTasks } from './main-thread-tasks'

const slow = { timeout: 120_000 }
const frameMsMax = 100
const triesMax = 4

/**
 * Counted in processor time of the page's main thread, which a busy machine does not stretch: a frame is no longer than
 * the tasks that run in it.
 */
describe.skipIf(skipsBrowser())('the pace of a page', () => {
  let desk: DeskInBrowser
  let browser: Browser
  let page: Page
  let session: CDPSession

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { requestsPerMinuteMax: 1_000_000, visitorsMax: 100_000 } })
    browser = await launchChromium()
    page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await page.goto(`${desk.live.url}/staff?as=ana`)
    await page.waitForSelector('body[data-link="live"]', slow)
    session = await browser.newBrowserCDPSession()
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.close()
  })

  it('applies and paints a screen of 1 000 awaiting requests in frames of at most 100 ms', async () => {
    const longest: number[] = []
    while (longest.length < triesMax && Math.min(...longest, Number.POSITIVE_INFINITY) > frameMsMax) {
      await page.context().setOffline(true)
      await page.waitForSelector('body[data-link="reconnecting"]', slow)
      for (const { requestId } of desk.live.desk.awaiting()) await desk.live.desk.cancel(requestId)
      await openMany(desk, 1_000, longest.length)
      const tasks = await mainThreadTasks(session, async () => {
        await page.context().setOffline(false)
        await page.waitForSelector('[data-filter="ringing"][data-count="1000"]', slow)
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      })
      expect(tasks.length).toBeGreaterThan(0)
      longest.push(Math.max(...tasks))
    }
    console.log(`longest tasks of ${longest.length} tries, ms: ${longest.map((ms) => ms.toFixed(1)).join(', ')}`)
    expect(Math.min(...longest)).toBeLessThanOrEqual(frameMsMax)
    expect(await page.locator('.row[data-request]').count()).toBeLessThan(60)
  })

  it('stays responsive at 100 edges a second with 1 000 requests on the screen', async () => {
    const ids = desk.live.desk.awaiting().map(({ requestId }) => requestId)
    const edges = { count: 0 }
    const leave = [desk.live.desk.on('ring', () => edges.count++), desk.live.desk.on('stop', () => edges.count++)]
    const began = performance.now()
    const tasks = await mainThreadTasks(session, async () => {
      for (let round = 0; round < 15; round += 1) {
        const mine = ids.slice(round * 10, round * 10 + 10)
        const type = round % 2 === 0 ? 'mute' : 'unmute'
        const of = type === 'mute' ? mine : ids.slice((round - 1) * 10, round * 10)
        await Promise.all(of.map((requestId) => desk.live.desk.execute({ type, requestId, staffId: 'ana' })))
        if (round === 7) await page.keyboard.press('ArrowDown')
        await new Promise((later) => setTimeout(later, 100))
      }
    })
    const seconds = (performance.now() - began) / 1_000
    for (const out of leave) out()
    expect(edges.count).toBe(150)
    const busyMs = tasks.reduce((sum, ms) => sum + ms, 0)
    console.log(
      `longest task ${Math.max(...tasks).toFixed(1)} ms, ${(busyMs / 15).toFixed(1)} ms for ten edges, ${seconds} s`,
    )
    expect(Math.max(...tasks)).toBeLessThanOrEqual(frameMsMax)
    expect(busyMs / 15).toBeLessThan(frameMsMax)
    const ringing = desk.live.desk.portal('ana')?.ringing.length
    await page.waitForSelector(`[data-filter="ringing"][data-count="${ringing}"]`, slow)
  })
})

async function openMany({ live }: DeskInBrowser, count: number, round: number): Promise<void> {
  const asked = Array.from({ length: count }, (_, index) => {
    const question = `Question ${index}: my server does not come back after a reboot, and I do not know why.`
    const facts = { name: `Visitor ${index}`, topic: 'server', country: 'DE', page: '/docs/ssh-keys', question }
    return live.desk.requestChat({ visitorId: `many-${round}-${index}`, facts })
  })
  const outcomes = await Promise.all(asked)
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
}
