import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { expectNoViolation } from './fixtures/accessibility'
import { skipsBrowser } from './fixtures/chromium'
import { askForChat, type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 60_000 }

describe.skipIf(skipsBrowser())('the pages of visitor and staff', () => {
  let desk: DeskInBrowser

  beforeAll(async () => {
    desk = await deskInBrowser()
  })
  afterAll(() => desk?.close())

  it('have no serious accessibility violation, in light and dark mode, from the first page to the chat', async () => {
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
})
