import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { isCampaign } from '../campaign'
import { launchChromium, skipsBrowser } from './fixtures/chromium'
import { type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'
import { mainThreadTasks } from './fixtures/main-thread-tasks'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 120_000 }
const frameMsMax = 100
const triesMax = 4
const edgesPerSecond = 100
const edgesPerHalf = 250
/** Bound of the busy time in each second at that rate. */
const busyMsMax = 750

/**
 * Counted in processor time of the page's main thread, which a busy machine does not stretch: a frame is no longer than
 * the tasks that run in it.
 */
describe.skipIf(!isCampaign || skipsBrowser())('the performance of a page', () => {
  let desk: DeskInBrowser
  let browser: Browser
  let page: Page
  let session: CDPSession

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { requestsPerMinuteMax: 1_000_000, visitorsMax: 100_000 } })
    browser = await launchChromium()
    page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await page.goto(`${desk.live.url}/staff?as=ana`)
    await page.waitForSelector('body[data-connection="live"]', slow)
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
      await page.waitForSelector('body[data-connection="reconnecting"]', slow)
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

  it('stays idle most of the time and responds to the keyboard at 100 edges a second, with 1 000 requests on the screen', async () => {
    const { desk: bare } = desk.live
    const ids = bare.awaiting().map(({ requestId }) => requestId)
    await page.evaluate(countEdges)
    const shownBefore = await shownRequest(page)
    const tasks: number[] = []
    for (const type of ['mute', 'unmute'] as const) {
      const from = (await arrivals(page)).length
      const half = ids.slice(ids.length - edgesPerHalf)
      const ran = await mainThreadTasks(session, async () => {
        await paced(half, (requestId) => bare.execute({ type, requestId, staffId: 'ana' }))
        await page.keyboard.press('ArrowDown')
        await expect.poll(async () => edgesIn((await arrivals(page)).slice(from)), slow).toBe(edgesPerHalf)
      })
      expect(mostInOneSecond((await arrivals(page)).slice(from))).toBeGreaterThanOrEqual(edgesPerSecond)
      tasks.push(...ran)
    }
    const busyMs = tasks.reduce((sum, ms) => sum + ms, 0)
    const perSecond = (busyMs * edgesPerSecond) / (2 * edgesPerHalf)
    console.log(`longest task ${Math.max(...tasks).toFixed(1)} ms, ${perSecond.toFixed(0)} ms for 100 edges`)
    expect(Math.max(...tasks)).toBeLessThanOrEqual(frameMsMax)
    expect(perSecond).toBeLessThan(busyMsMax)
    expect(ids.indexOf((await shownRequest(page)) ?? '')).toBe(ids.indexOf(shownBefore ?? '') + 2)
    await page.waitForSelector('[data-filter="ringing"][data-count="1000"]', slow)
  })
})

/** Returns the request that the right panel shows. */
async function shownRequest(page: Page): Promise<string | null> {
  return await page.getAttribute('[data-panel]', 'data-panel')
}

/** Runs an action for each id, 100 a second; after a delay of a busy machine it catches up. */
async function paced(ids: readonly string[], run: (id: string) => Promise<unknown>): Promise<void> {
  const beganAt = performance.now()
  for (let done = 0; done < ids.length; ) {
    const due = Math.min(ids.length, Math.ceil(((performance.now() - beganAt) * edgesPerSecond) / 1_000))
    await Promise.all(ids.slice(done, due).map(run))
    done = due
    await new Promise((later) => setTimeout(later, 1_000 / edgesPerSecond))
  }
}

/** When the page received edges, by its own clock, and how many. */
type Arrival = readonly [atMs: number, edges: number]

async function arrivals(page: Page): Promise<readonly Arrival[]> {
  return (await page.evaluate('globalThis.arrivals')) as readonly Arrival[]
}

function edgesIn(arrived: readonly Arrival[]): number {
  return arrived.reduce((sum, [, edges]) => sum + edges, 0)
}

function mostInOneSecond(arrived: readonly Arrival[]): number {
  return Math.max(...arrived.map(([from]) => edgesIn(arrived.filter(([at]) => at >= from && at < from + 1_000))))
}

/** Runs in the page: records when requests start or stop to ring on the screen. */
const countEdges = `(() => {
  const { portal } = globalThis.frontdesk
  const ringing = () => new Set(portal.getSnapshot().ringing.map(({ requestId }) => requestId))
  let before = ringing()
  globalThis.arrivals = []
  portal.subscribe(() => {
    const now = ringing()
    const edges = before.symmetricDifference(now).size
    if (edges > 0) globalThis.arrivals.push([performance.now(), edges])
    before = now
  })
})()`

async function openMany({ live }: DeskInBrowser, count: number, round: number): Promise<void> {
  const asked = Array.from({ length: count }, (_, index) => {
    const question = `Question ${index}: my server does not come back after a reboot, and I do not know why.`
    const facts = { name: `Visitor ${index}`, topic: 'server', country: 'DE', page: '/docs/ssh-keys', question }
    return live.desk.requestChat({ visitorId: `many-${round}-${index}`, facts })
  })
  const outcomes = await Promise.all(asked)
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
}
