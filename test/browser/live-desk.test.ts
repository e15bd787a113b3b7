import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { root } from '../repository-checks/source-file'
import { skipsBrowser } from './fixtures/chromium'
import { askForChat, type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const imagePath = `${root}docs/images/portal.png`

describe.skipIf(skipsBrowser())('the live desk in Chromium', () => {
  let desk: DeskInBrowser
  const open: Page[] = []
  const opened = async (page: Promise<Page>) => {
    open.push(await page)
    return await page
  }

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { presenceGraceMs: 300 } })
  })
  afterAll(() => desk?.close())
  afterEach(async () => {
    for (const page of open.splice(0)) await page.context().close()
    await Promise.all(desk.live.staffIds.map((id) => becomesAbsent(desk, id)))
  })

  it('rings on three portals, is muted on one, accepted on another, and falls silent on the third', async () => {
    const [ana, bo, chidi] = await three()
    const shop = await opened(desk.shop('/docs/ssh-keys'))
    await askForChat(shop, { name: 'Maya', topic: 'server', question: 'My server does not come back.' })
    for (const page of [ana, bo, chidi]) {
      await bell(page, 'ringing')
      expect(await page.textContent('.row[data-request]')).toContain('My server does not come back.')
      expect(await page.title()).toBe('(1) Front desk')
    }
    await ana.click('[data-action="mute"]')
    await bell(ana, 'silent')
    await count(ana, 'awaiting', 1)
    await count(ana, 'ringing', 0)
    expect(await ana.title()).toBe('Front desk')
    expect(await bo.getAttribute('body', 'data-bell')).toBe('ringing')
    expect(await chidi.getAttribute('body', 'data-bell')).toBe('ringing')

    await bo.click('[data-action="accept"]')
    await bell(bo, 'silent')
    await bell(chidi, 'silent')
    await count(bo, 'chats', 1)
    await count(chidi, 'ringing', 0)
    await count(chidi, 'awaiting', 0)
    await count(ana, 'awaiting', 0)
    await chidi.waitForSelector('.toast:has-text("Bo Lindqvist took Maya")')
    await chatBetween({ shop, staff: bo })
  })

  it('accepts a muted request from Awaiting', async () => {
    const [ana, bo, chidi] = await three()
    const shop = await opened(desk.shop())
    await askForChat(shop, { name: 'Tom', topic: 'server', question: 'Can you raise the disk?' })
    for (const page of [ana, bo, chidi]) {
      await bell(page, 'ringing')
      await page.click('[data-action="mute"]')
      await bell(page, 'silent')
    }
    await ana.click('[data-filter="awaiting"]')
    expect(await ana.textContent('.row[data-request] .badge')).toContain('Muted by you')
    await ana.click('.row[data-request]')
    expect(await ana.textContent('[data-action="accept"]')).toContain('Start chat')
    await ana.click('[data-action="accept"]')
    await count(ana, 'chats', 1)
    await count(bo, 'awaiting', 0)
    await shop.waitForSelector('.widget[data-phase="chatting"]')
  })

  it('shows a request for one team to no other staff', async () => {
    const ana = await opened(desk.portal('ana'))
    const dana = await opened(desk.portal('dana'))
    const shop = await opened(desk.shop('/account/invoices'))
    await askForChat(shop, { name: 'Ines', topic: 'billing', question: 'I was charged twice.' })
    await bell(dana, 'ringing')
    expect(await dana.textContent('.routing')).toContain('Billing goes to billing')
    expect(await ana.getAttribute('body', 'data-bell')).toBe('silent')
    await count(ana, 'ringing', 0)
    await count(ana, 'awaiting', 0)
    expect(await ana.locator('.row[data-request]').count()).toBe(0)
    expect(desk.live.desk.awaiting('ana')).toEqual([])
  })

  it('silences the bell when the connection drops and rings again after the reconnect', async () => {
    const dana = await opened(desk.portal('dana'))
    const shop = await opened(desk.shop())
    await askForChat(shop, { name: 'Ruth', topic: 'billing', question: 'Where is my invoice?' })
    await bell(dana, 'ringing')
    await dana.context().setOffline(true)
    await bell(dana, 'silent')
    await dana.waitForSelector('.banner:has-text("Reconnecting")')
    await dana.context().setOffline(false)
    await bell(dana, 'ringing')
  })

  it('sounds in one of two tabs of a staff member, shows in both, and is silent in both after one accepts', async () => {
    const first = await opened(desk.portal('dana'))
    const second = await first.context().newPage()
    await second.goto(`${desk.live.url}/staff?as=dana`)
    await second.waitForSelector('body[data-connection="live"]')
    const shop = await opened(desk.shop())
    await askForChat(shop, { name: 'Hugo', topic: 'billing', question: 'My card was declined.' })
    await bell(first, 'ringing')
    await bell(second, 'ringing')
    const sounds = [await first.getAttribute('body', 'data-sound'), await second.getAttribute('body', 'data-sound')]
    expect(sounds.sort()).toEqual(['elsewhere', 'ringing'])
    await second.click('[data-action="accept"]')
    await bell(first, 'silent')
    await bell(second, 'silent')
    await count(first, 'chats', 1)
  })

  it('fits a phone: list, request and back, nothing wider than the screen', async () => {
    const dana = await opened(desk.portal('dana', { viewport: { width: 390, height: 844 } }))
    const shop = await opened(desk.shop())
    await askForChat(shop, { name: 'Zoë', topic: 'billing', question: 'May I have a refund?' })
    await bell(dana, 'ringing')
    expect(await dana.isVisible('[data-action="accept"]')).toBe(false)
    await dana.click('.row[data-request]')
    await dana.waitForSelector('[data-action="accept"]')
    expect(await dana.isVisible('.list-panel')).toBe(false)
    expect(await dana.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await dana.click('.back')
    await dana.waitForSelector('.row[data-request]')
    expect(await dana.isVisible('[data-action="accept"]')).toBe(false)
  })

  it('shows what a visitor wrote as text, even if it is HTML', async () => {
    const dana = await opened(desk.portal('dana'))
    const shop = await opened(desk.shop())
    const question = '<img src=x onerror="document.title=1"><b>bold</b>'
    await askForChat(shop, { name: '<i>Eve</i>', topic: 'billing', question })
    await bell(dana, 'ringing')
    expect(await dana.textContent('.question')).toBe(question)
    expect(await dana.locator('.question img, .question b, h1 i').count()).toBe(0)
  })

  it('is usable by keyboard alone: mute, unmute, accept', async () => {
    const dana = await opened(desk.portal('dana'))
    const shop = await opened(desk.shop())
    await askForChat(shop, { name: 'Paul', topic: 'billing', question: 'Please send the invoice again.' })
    await bell(dana, 'ringing')
    await dana.keyboard.press('m')
    await bell(dana, 'silent')
    await dana.focus('[data-filter="ringing"]')
    await dana.keyboard.press('ArrowRight')
    await dana.keyboard.press('m')
    await bell(dana, 'ringing')
    await dana.keyboard.press('a')
    await count(dana, 'chats', 1)
  })

  it('takes the screenshot of the README', async () => {
    const ana = await opened(desk.portal('ana'))
    await opened(desk.portal('bo'))
    const asked = [
      {
        name: 'Maya',
        topic: 'server',
        question: 'My server does not come back after a reboot. Can you look at the console?',
      },
      { name: 'Jonas', topic: 'outage', question: 'Our shop is down since five minutes!' },
      { name: 'Priya', topic: 'other', question: 'Can I pay by bank transfer from India?' },
    ]
    for (const one of asked) await askForChat(await opened(desk.shop('/docs/ssh-keys')), one)
    await count(ana, 'ringing', 3)
    await ana.click('.row[data-request]:has-text("Priya")')
    await ana.click('[data-action="mute"]')
    await count(ana, 'awaiting', 1)
    await ana.click('.row[data-request]:has-text("Maya")')
    await ana.waitForSelector('.others:has-text("Bo")')
    await ana.waitForSelector('.toast', { state: 'detached' })
    const isWanted = process.env.FRONTBELL_SCREENSHOTS !== undefined || !existsSync(imagePath)
    const image = await ana.screenshot(isWanted ? { path: imagePath } : {})
    expect(image.length).toBeGreaterThan(20_000)
    expect(existsSync(imagePath)).toBe(true)
  })

  async function three(): Promise<readonly [Page, Page, Page]> {
    return [await opened(desk.portal('ana')), await opened(desk.portal('bo')), await opened(desk.portal('chidi'))]
  }
})

async function chatBetween({ shop, staff }: { readonly shop: Page; readonly staff: Page }): Promise<void> {
  await shop.waitForSelector('.widget[data-phase="chatting"]')
  await staff.fill('.composer input', 'Hello Maya, I am looking at it.')
  await staff.keyboard.press('Enter')
  await shop.waitForSelector('.line.staff:has-text("Hello Maya, I am looking at it.")')
  await shop.fill('.write input', 'Thank you!')
  await shop.keyboard.press('Enter')
  await staff.waitForSelector('.line.visitor:has-text("Thank you!")')
  await staff.click('[data-action="end"]')
  await shop.waitForSelector('.widget[data-phase="ended"]')
}

async function bell(page: Page, state: 'ringing' | 'silent'): Promise<void> {
  await page.waitForSelector(`body[data-bell="${state}"]`, { timeout: 20_000 })
}

async function count(page: Page, filter: string, expected: number): Promise<void> {
  await page.waitForSelector(`[data-filter="${filter}"][data-count="${expected}"]`, { timeout: 10_000 })
}

/** Lets the next test start with an empty desk. */
async function becomesAbsent({ live: { desk } }: DeskInBrowser, staffId: string): Promise<void> {
  for (const { requestId } of desk.awaiting()) await desk.cancel(requestId)
  for (const { requestId } of desk.portal(staffId)?.chats ?? []) await desk.end(requestId)
  const until = Date.now() + 10_000
  while (desk.staff(staffId)?.isPresent === true && Date.now() < until)
    await new Promise((later) => setTimeout(later, 50))
}
