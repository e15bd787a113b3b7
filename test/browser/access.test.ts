import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoViolation } from './accessibility'
import { skipsBrowser } from './chromium'
import { askForChat, type DeskInBrowser, deskInBrowser } from './desk-in-browser'

const slow = { timeout: 60_000 }

describe.skipIf(skipsBrowser())('the pages of visitor and staff', () => {
  let desk: DeskInBrowser

  beforeAll(async () => {
    desk = await deskInBrowser()
  })
  afterAll(() => desk?.close())

  it('have no serious violation of accessibility, in light and dark, from the first page to the chat', async () => {
    const shop = await desk.shop('/pricing')
    await expectNoViolation(shop)
    const ana = await desk.portal('ana')
    await expectNoViolation(ana)
    await askForChat(shop, { name: 'Maya', topic: 'server', question: 'My server does not come back.' })
    await ana.waitForSelector('body[data-bell="ringing"]', slow)
    await expectNoViolation(shop)
    await expectNoViolation(ana)
    await ana.click('[data-action="accept"]')
    await shop.waitForSelector('.widget[data-phase="chatting"]', slow)
    await expectNoViolation(shop)
    await expectNoViolation(ana)
  })

  it('are used by the keyboard alone, from the question to the end of the chat', async () => {
    const shop = await desk.shop()
    const bo = await desk.portal('bo')
    await shop.focus('.opener')
    await shop.keyboard.press('Enter')
    await shop.focus('[name=name]')
    await shop.keyboard.type('Tom')
    await shop.keyboard.press('Tab')
    await shop.keyboard.type('My server')
    await shop.focus('[name=question]')
    await shop.keyboard.type('Is it up?')
    await shop.keyboard.press('Tab')
    await shop.keyboard.press('Enter')
    await bo.waitForSelector('body[data-bell="ringing"]', slow)
    await bo.keyboard.press('a')
    await shop.waitForSelector('.widget[data-phase="chatting"]', slow)
    await bo.focus('[data-action="end"]')
    await bo.keyboard.press('Enter')
    await shop.waitForSelector('.widget[data-phase="ended"]', slow)
    await bo.focus('[data-action="availability"]')
    await bo.keyboard.press('Space')
    await bo.waitForSelector('[data-action="availability"][aria-checked="false"]', slow)
    expect(desk.live.desk.staff('bo')?.availability).toBe('away')
  })
})
