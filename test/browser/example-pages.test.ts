import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunningServer } from '../../examples/small-desk/small-desk'
import { waitUntil } from '../transports/served-example'
import { transports } from '../transports/transports'
import { launchChromium, skipsBrowser } from './fixtures/chromium'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe.skipIf(skipsBrowser())('the small pages in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  describe.each(transports.map((transport) => [transport.name, transport] as const))('over %s', (_, transport) => {
    let running: RunningServer
    const open: Page[] = []
    beforeEach(async () => {
      running = await transport.start({ port: 0 })
    })
    afterEach(async () => {
      for (const page of open.splice(0)) await page.context().close()
      await running.close()
    })
    const pageOf = async (staffId: string, options: BrowserContextOptions = {}) => {
      const page = await (await browser.newContext(options)).newPage()
      open.push(page)
      await page.goto(`${running.url}/#${staffId}`)
      await page.waitForSelector('[data-connection="live"]')
      return page
    }

    it('[B8] rings on two pages, in title and icon, and falls silent on both when one accepts', async () => {
      const [ana, cem] = await Promise.all([pageOf('ana'), pageOf('cem')])
      const icon = () => ana.getAttribute('link[rel=icon]', 'href')
      const quiet = await icon()
      await cem.click('[data-do="ask"]')
      for (const page of [ana, cem]) {
        await page.waitForSelector('[data-bell="ringing"]')
        expect(await page.title()).toBe('(1) Front desk')
      }
      expect(await icon()).toMatch(/^data:image\/png/)
      await ana.click('[data-do="accept"]')
      await ana.waitForSelector('[data-chat]')
      await cem.waitForSelector('[data-bell="silent"]')
      await ana.waitForSelector('[data-bell="silent"]')
      expect({ title: await ana.title(), icon: await icon() }).toEqual({ title: 'Front desk', icon: quiet })
      const [chat] = running.desk.portal('ana')?.chats ?? []
      expect(await ana.getAttribute('[data-chat]', 'data-chat')).toBe(chat?.requestId)
      await ana.click('[data-do="end"]')
      await waitUntil(() => running.desk.portal('ana')?.chats.length === 0)
    })

    it('[B2] is silent while the server is down, and complete again after its restart', async () => {
      const page = await pageOf('ana')
      await running.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
      await page.waitForSelector('[data-bell="ringing"]')
      await running.kill()
      await page.waitForSelector('[data-connection="reconnecting"][data-bell="silent"]')
      await running.desk.cancel('r1')
      running = await transport.start({ port: Number(new URL(running.url).port), desk: running.desk })
      await page.waitForSelector('[data-connection="live"][data-bell="silent"]')
      expect(await page.locator('[data-id]').count()).toBe(0)
    })

    it('[B12][B13] offers Accept on a notification, which closes when it is clicked', async () => {
      const page = await pageOf('ana', { permissions: ['notifications'] })
      await page.evaluate(() => navigator.serviceWorker.ready)
      await running.desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
      const shown = () =>
        page.evaluate(async () => {
          const worker = await navigator.serviceWorker.ready
          const notifications: (Notification & { actions?: unknown })[] = await worker.getNotifications()
          return notifications.map(({ title, tag, actions }) => ({ title, tag, actions }))
        })
      await waitUntil(async () => (await shown()).length === 1)
      const actions = [{ action: 'accept', title: 'Accept' }]
      expect(await shown()).toMatchObject([{ title: 'A question about server', tag: 'frontbell:ana:r1', actions }])
      const [worker] = page.context().serviceWorkers()
      await worker?.evaluate(async () => {
        const { registration } = self as unknown as { registration: ServiceWorkerRegistration }
        const [notification] = await registration.getNotifications()
        const Click = Reflect.get(self, 'NotificationEvent')
        self.dispatchEvent(new Click('notificationclick', { notification, action: 'accept' }))
      })
      await page.waitForSelector('[data-chat="r1"]')
      await waitUntil(async () => (await shown()).length === 0)
      expect(running.desk.request('r1')?.assignment?.staffId).toBe('ana')
    })

    it('[B16] does not move for users who prefer reduced motion', async () => {
      const [calm, lively] = [await pageOf('ana', { reducedMotion: 'reduce' }), await pageOf('bo')]
      await running.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
      const moving = async (page: Page) => {
        await page.waitForSelector('[data-bell="ringing"]')
        return await page.evaluate(() => document.getAnimations().length)
      }
      expect([await moving(calm), await moving(lively)]).toEqual([0, 1])
    })
  })
})
