import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type LiveDesk, type LiveDeskOptions, startLiveDesk } from '../../examples/live-desk/live-desk'
import { builtPages } from './built-pages'
import { launchChromium } from './chromium'

/** A live desk on a free port, and a browser whose pages are different people. */
export interface DeskInBrowser {
  readonly live: LiveDesk
  /** One more tab beside a page, of the same person. */
  tab(beside: Page, staffId: string): Promise<Page>
  /** The supervisor's page. */
  supervisor(options?: BrowserContextOptions): Promise<Page>
  /** The portal of one staff member, signed in and live. */
  portal(staffId: string, options?: BrowserContextOptions): Promise<Page>
  /** A page of the shop, opened by somebody new. */
  shop(path?: string): Promise<Page>
  close(): Promise<void>
}

export async function deskInBrowser(options: Partial<LiveDeskOptions> = {}): Promise<DeskInBrowser> {
  const live = await startLiveDesk({ port: 0, outDir: await builtPages(), isBuilt: true, ...options })
  const browser: Browser = await launchChromium()
  const page = async (path: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...options })
    const opened = await context.newPage()
    await opened.goto(live.url + path)
    return opened
  }
  return {
    live,
    async portal(staffId, options) {
      const opened = await page('/staff', options)
      await opened.click(`[data-staff="${staffId}"]`)
      await opened.waitForSelector('body[data-link="live"]')
      return opened
    },
    async tab(beside, staffId) {
      const opened = await beside.context().newPage()
      await opened.goto(`${live.url}/staff?as=${staffId}`)
      await opened.waitForSelector('body[data-link="live"]')
      return opened
    },
    async supervisor(options) {
      const opened = await page('/supervisor', options)
      await opened.waitForSelector('body[data-link="live"]')
      return opened
    },
    shop: (path = '/') => page(path),
    async close() {
      await browser.close()
      await live.close()
    },
  }
}

/** Fills in the widget's form and sends it. */
export async function askForChat(shop: Page, asked: { name: string; topic: string; question: string }): Promise<void> {
  if (!(await shop.isVisible('.widget'))) await shop.click('.opener')
  await shop.fill('[name=name]', asked.name)
  await shop.selectOption('[name=topic]', asked.topic)
  await shop.fill('[name=question]', asked.question)
  await shop.click('.ask .send')
  await shop.waitForSelector('.widget[data-phase="waiting"]')
}
