import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { skipsBrowser } from './fixtures/chromium'
import { type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 60_000 }
const stepsMax = 60

/** Tab, Shift+Tab, arrows, Enter, Space and letters: no pointer, and no focus set by script. */
describe.skipIf(skipsBrowser())('by the keyboard alone', () => {
  let desk: DeskInBrowser
  let shop: Page
  let bo: Page
  let page: Page

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { remindAfterMs: null } })
    shop = await desk.shop()
    bo = await desk.portal('bo')
    page = await desk.supervisor()
  })
  afterAll(() => desk?.close())

  it('a visitor opens the widget, fills in the form and sends it', async () => {
    await walkTo(shop, '.opener')
    await shop.keyboard.press('Enter')
    await walkTo(shop, '[name=name]')
    await shop.keyboard.type('Tom')
    await walkTo(shop, '[name=topic]')
    await shop.keyboard.type('My server')
    await walkTo(shop, '[name=question]')
    await shop.keyboard.type('Is it up?')
    await walkTo(shop, '.ask .send')
    await shop.keyboard.press('Enter')
    await shop.waitForSelector('.widget[data-phase="waiting"]', slow)
  })

  it('a staff member mutes a request, finds it under Awaiting, snoozes and unmutes it', async () => {
    await bo.waitForSelector('body[data-bell="ringing"]', slow)
    await walkTo(bo, '[data-action="mute"]')
    await bo.keyboard.press('Enter')
    await bo.waitForSelector('body[data-bell="silent"]', slow)
    await walkTo(bo, '[data-filter="ringing"]', 'Shift+Tab')
    await bo.keyboard.press('ArrowRight')
    await bo.waitForSelector('[data-filter="awaiting"][aria-selected="true"]:focus', slow)
    await bo.waitForSelector('.row:has-text("Muted by you")', slow)
    const snoozedForMs: number[] = []
    desk.live.desk.on('request.muted', ({ at, untilAt }) => {
      if (untilAt !== null) snoozedForMs.push(untilAt - at)
    })
    await walkTo(bo, '[data-action="snooze"]')
    await choose(bo, 3)
    await bo.waitForSelector('.row:has-text("Snoozed")', slow)
    expect(snoozedForMs).toEqual([900_000])
    await walkTo(bo, '[data-action="unmute"]', 'Shift+Tab')
    await bo.keyboard.press('Space')
    await bo.waitForSelector('body[data-bell="ringing"]', slow)
    await bo.keyboard.press('m')
    await bo.waitForSelector('body[data-bell="silent"]', slow)
  })

  it('the same staff member accepts it there, writes, ends the chat and sets Away', async () => {
    await walkTo(bo, '[data-filter][aria-selected="true"]', 'Shift+Tab')
    await turnTo(bo, 'awaiting')
    await walkTo(bo, '.row[data-request]')
    await bo.keyboard.press('Enter')
    await walkTo(bo, '[data-action="accept"]')
    await bo.keyboard.press('Enter')
    await shop.waitForSelector('.widget[data-phase="chatting"]', slow)
    await walkTo(bo, '.composer input')
    await bo.keyboard.type('It is up again.')
    await bo.keyboard.press('Enter')
    await shop.waitForSelector('.line.staff:has-text("It is up again.")', slow)
    await walkTo(bo, '[data-action="end"]')
    await bo.keyboard.press('Enter')
    await shop.waitForSelector('.widget[data-phase="ended"]', slow)
    await walkTo(bo, '[data-action="availability"]', 'Shift+Tab')
    await bo.keyboard.press('Space')
    await bo.waitForSelector('[data-action="availability"][aria-checked="false"]', slow)
    expect(desk.live.desk.staff('bo')?.availability).toBe('away')
    await bo.keyboard.press('Space')
    await bo.waitForSelector('[data-action="availability"][aria-checked="true"]', slow)
  })

  it('a supervisor moves through the list and assigns a request', async () => {
    for (const [index, name] of ['Maya', 'Jonas', 'Priya'].entries())
      await desk.live.desk.requestChat({ requestId: `r${index}`, visitorId: name, facts: { name, topic: 'server' } })
    await page.waitForSelector('.count[data-open="3"]', slow)
    await walkTo(page, '.queue-row')
    await page.keyboard.press('ArrowDown')
    await page.waitForSelector('.queue-row[data-request="r1"][aria-current="true"]:focus', slow)
    await page.waitForSelector('[data-explained="r1"] [data-rung="bo"]', slow)
    await walkTo(page, '[data-action="assign"]')
    await choose(page, 1)
    await page.waitForSelector('.count[data-open="2"]', slow)
    expect(desk.live.desk.portal('bo')?.chats.map(({ requestId }) => requestId)).toEqual(['r1'])
  })

  it('a supervisor adds a workflow, changes its name, reads the dry run, and saves', async () => {
    await walkTo(page, '[data-view="workflows"]', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-draft="good"]', slow)
    await walkTo(page, '[data-action="add"]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.cm-content:focus', slow)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('Typed: ')
    await page.waitForSelector('.remarks:has-text("Typed: A new workflow")', slow)
    await page.waitForSelector('[data-draft="good"] .dry-run[data-runs="100"]', slow)
    await walkTo(page, '.dry-run input')
    await page.keyboard.press('Space')
    await expect.poll(() => page.locator('.run').count(), slow).toBe(100)
    await walkTo(page, '.remarks button', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.cm-content:focus', slow)
    await walkTo(page, '[data-action="save"]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.save-message:has-text("Saved")', slow)
    const { workflows } = desk.live.desk.snapshot().state.desk
    expect(workflows.at(-1)).toMatchObject({ name: 'Typed: A new workflow' })
  })
})

/** Presses one key until the element has the focus. */
async function walkTo(page: Page, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const isThere = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)
  for (let step = 0; step < stepsMax; step += 1) {
    if (await isThere()) return
    await page.keyboard.press(key)
  }
  const at = await page.evaluate('document.activeElement?.outerHTML.slice(0, 200)')
  throw new Error(`expected ${key} to lead to ${selector}, got ${at}`)
}

/** Opens a select by an arrow key, moves down to the option of this number and chooses it. */
async function choose(page: Page, number: number): Promise<void> {
  await page.keyboard.press('ArrowDown')
  for (let step = 0; step < number; step += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

async function turnTo(page: Page, filter: string): Promise<void> {
  for (let step = 0; step < 4; step += 1) {
    if (await page.isVisible(`[data-filter="${filter}"][aria-selected="true"]`)) return
    await page.keyboard.press('ArrowRight')
  }
}
