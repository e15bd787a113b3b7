import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { skipsBrowser } from './fixtures/chromium'
import { askForChat, type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 20_000 }

describe.skipIf(skipsBrowser())('clicks and keys faster than the page', () => {
  let desk: DeskInBrowser
  let ana: Page
  const shops: Page[] = []

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { presenceGraceMs: 300 } })
    ana = await desk.portal('ana')
  })
  afterAll(() => desk?.close())
  afterEach(async () => {
    for (const shop of shops.splice(0)) await shop.context().close()
    for (const { requestId } of desk.live.desk.awaiting()) await desk.live.desk.cancel(requestId)
    for (const { requestId } of chats()) await desk.live.desk.end(requestId)
    await ana.waitForSelector('[data-filter="chats"][data-count="0"]', slow)
    await ana.click('[data-filter="ringing"]')
    await ana.waitForSelector('.empty.big', slow)
  })

  it('start a chat by a double click, and do not end it', async () => {
    const [shop] = await asked('Maya')
    await clickTwice('[data-action="accept"]')
    await shop?.waitForSelector('.widget[data-phase="chatting"]', slow)
    await ana.waitForSelector('[data-action="end"]', slow)
    expect(chats()).toHaveLength(1)
  })

  it('end one chat by a double click, and not the one that is shown next', async () => {
    const [first, second] = await chatting('Maya', 'Tom')
    await clickTwice('[data-action="end"]')
    await Promise.race([first, second].map((shop) => shop?.waitForSelector('.widget[data-phase="ended"]', slow)))
    await ana.waitForSelector('[data-filter="chats"][data-count="1"]', slow)
    expect(chats()).toHaveLength(1)
  })

  it('hold a key down, and decline one request', async () => {
    await asked('Maya', 'Tom', 'Ada')
    await ana.waitForSelector('[data-filter="ringing"][data-count="3"]', slow)
    await ana.keyboard.down('d')
    await ana.keyboard.down('d')
    await ana.keyboard.down('d')
    await ana.keyboard.up('d')
    await ana.waitForSelector('[data-filter="ringing"][data-count="2"]', slow)
    await ana.keyboard.press('m')
    await ana.waitForSelector('[data-filter="awaiting"][data-count="1"]', slow)
    expect(await ana.getAttribute('[data-filter="ringing"]', 'data-count')).toBe('1')
  })

  it('find no button of the next request where the chosen one was just closed', async () => {
    const [, tom] = await asked('Maya', 'Tom')
    await ana.click('.row[data-request]:has-text("Tom")')
    await ana.waitForSelector('.panel-head:has-text("Tom")', slow)
    await tom?.click('.leave')
    await ana.waitForSelector('[data-closed]:has-text("No longer here")', slow)
    expect(await ana.locator('.actions button').count()).toBe(0)
    await ana.keyboard.press('d')
    await ana.waitForSelector('.panel:not([data-closed]) .panel-head:has-text("Maya")', slow)
    expect(await ana.getAttribute('[data-filter="ringing"]', 'data-count')).toBe('1')
  })

  it('write to one visitor, and not to another', async () => {
    const [maya, tom] = await chatting('Maya', 'Tom')
    await ana.click('.row[data-request]:has-text("Maya")')
    await ana.waitForSelector('.panel-head:has-text("Maya")', slow)
    await ana.fill('.composer input', 'only for Maya')
    await ana.click('.row[data-request]:has-text("Tom")')
    await ana.waitForSelector('.panel-head:has-text("Tom")', slow)
    expect(await ana.inputValue('.composer input')).toBe('')
    await ana.click('.row[data-request]:has-text("Maya")')
    await ana.waitForSelector('.panel-head:has-text("Maya")', slow)
    expect(await ana.inputValue('.composer input')).toBe('only for Maya')
    await ana.focus('.composer input')
    await maya?.click('.leave')
    await ana.waitForSelector('[data-closed]:has-text("This chat is over")', slow)
    await ana.keyboard.press('Enter')
    await ana.waitForSelector('.panel:not([data-closed]) .panel-head:has-text("Tom")', slow)
    await ana.keyboard.press('Enter')
    await ana.fill('.composer input', 'for Tom')
    await ana.keyboard.press('Enter')
    await tom?.waitForSelector('.line.staff:has-text("for Tom")', slow)
    expect(await tom?.locator('.line.staff').count()).toBe(1)
  })

  it('see that the visitor has left', async () => {
    const [maya] = await chatting('Maya')
    await ana.waitForSelector('.panel-head:has-text("In chat")', slow)
    await maya?.goto('about:blank')
    await ana.waitForSelector('.panel-head:has-text("Visitor has left")', slow)
  })

  it('see long names cut, and the layout unchanged', async () => {
    await asked('W'.repeat(60))
    const head = await ana.waitForSelector('.panel-head .badge', slow)
    const box = await head.boundingBox()
    expect((box?.x ?? 2_000) + (box?.width ?? 0)).toBeLessThan(1_280)
    const [list, time] = [ana.locator('#list'), ana.locator('.row[data-request] time')]
    const [within, at] = [await list.boundingBox(), await time.boundingBox()]
    expect((at?.x ?? 2_000) + (at?.width ?? 0)).toBeLessThan((within?.x ?? 0) + (within?.width ?? 0))
  })

  it('of a visitor use up only their own rate limit, and show it in plain words', async () => {
    const [shop] = await asked('Maya')
    for (let times = 2; times <= 7; times += 1) {
      await shop?.click('.leave')
      await shop?.click('.ended .send', slow)
      await shop?.fill('[name=name]', 'Maya')
      await shop?.fill('[name=question]', `Question ${times}`)
      await shop?.click('.ask .send')
      if (times < 7) await shop?.waitForSelector('.widget[data-phase="waiting"]', slow)
    }
    await shop?.waitForSelector('.problem:has-text("A lot is going on")', slow)
    await asked('Tom')
  })

  it('of a visitor continue through a connection that drops', async () => {
    const [shop] = await asked('Maya')
    await shop?.click('.leave')
    await shop?.click('.ended .send', slow)
    await shop?.fill('[name=question]', 'And another')
    await shop?.context().setOffline(true)
    await shop?.waitForSelector('.widget header:has-text("Reconnecting")', { timeout: 40_000 })
    expect(await shop?.isDisabled('.ask .send')).toBe(true)
    await shop?.context().setOffline(false)
    await shop?.waitForSelector('.widget header:has-text("Usually answers")', { timeout: 40_000 })
    expect(await shop?.inputValue('[name=question]')).toBe('And another')
  })

  /** Clicks like a person: with time for the page to draw in between. */
  async function clickTwice(selector: string): Promise<void> {
    const { x, y, width, height } = (await ana.locator(selector).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await ana.mouse.move(x + width / 2, y + height / 2)
    for (const clickCount of [1, 2]) {
      await ana.mouse.down({ clickCount })
      await ana.mouse.up({ clickCount })
      await ana.waitForTimeout(150)
    }
  }

  function chats() {
    return desk.live.desk.portal('ana')?.chats ?? []
  }

  async function asked(...names: readonly string[]): Promise<readonly Page[]> {
    const opened: Page[] = []
    for (const name of names) {
      const shop = await desk.shop('/docs/ssh-keys')
      shops.push(shop)
      opened.push(shop)
      await askForChat(shop, { name, topic: 'server', question: `This is ${name}.` })
    }
    await ana.waitForSelector(`[data-filter="ringing"][data-count="${names.length}"]`, slow)
    return opened
  }

  async function chatting(...names: readonly string[]): Promise<readonly Page[]> {
    const pages = await asked(...names)
    for (let count = 1; count <= names.length; count += 1) {
      await ana.click('[data-filter="ringing"]')
      await ana.click('[data-action="accept"]')
      await ana.waitForSelector(`[data-filter="chats"][data-count="${count}"]`, slow)
    }
    return pages
  }
})
