import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readDeskFiles } from '../../examples/live-desk/desk-files'
import { replayDay } from '../../examples/live-desk/replay'
import { root } from '../repository-checks/source-file'
import { expectNoViolation } from './fixtures/accessibility'
import { skipsBrowser } from './fixtures/chromium'
import { askForChat, type DeskInBrowser, deskInBrowser } from './fixtures/desk-in-browser'
import { takeScreenshot } from './fixtures/take-screenshot'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const slow = { timeout: 60_000 }

describe.skipIf(skipsBrowser())("the supervisor's page in Chromium", () => {
  let desk: DeskInBrowser
  let page: Page
  let ana: Page

  beforeAll(async () => {
    desk = await deskInBrowser({ policy: { presenceGraceMs: 300 } })
    ana = await desk.portal('ana')
    page = await desk.supervisor()
    for (const [name, topic, question, path] of asked) {
      const shop = await desk.shop(path)
      await askForChat(shop, { name, topic, question })
    }
    await page.waitForSelector('.count[data-open="3"]', slow)
  })
  afterAll(() => desk?.close())

  it('shows every open request, those that ring for nobody first', async () => {
    const ids = desk.live.desk.awaiting().map(({ requestId }) => requestId)
    const rows = page.locator('.queue-row')
    expect(await rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-request')))).toEqual(ids)
    expect(await rows.first().textContent()).toContain('Nobody is rung')
    expect(await page.locator('.tile').first().textContent()).toContain('1 rings for nobody')
  })

  it('shows for whom a request rings and why not for the others, as the desk explains it', async () => {
    await page.click('.queue-row:has-text("Maya")')
    const requestId = await page.getAttribute('.queue-row[aria-current="true"]:has-text("Maya")', 'data-request')
    await page.waitForSelector(`[data-explained="${requestId}"] [data-rung="ana"]`, slow)
    const explained = desk.live.desk.explain(requestId ?? '')?.staff ?? []
    const absent = explained.filter(({ reason }) => reason === 'absent').length
    const shown = (await page.textContent('[data-reason="absent"] dd'))?.split(', ') ?? []
    expect(shown).toHaveLength(absent)
    expect(await page.textContent('[data-reason="not-in-team"]')).toContain('Dana Whitfield')
    expect(await page.textContent('.evaluated')).toContain('Server questions go to the server team')
    await ana.click('.row:has-text("Maya")')
    await ana.click('[data-action="mute"]')
    await page.waitForSelector('[data-rung=""]', slow)
    expect(await page.textContent('[data-reason="muted"]')).toContain('Ana Ferreira')
    await ana.click('[data-filter="awaiting"]')
    await ana.click('.row:has-text("Maya")')
    await ana.click('[data-action="unmute"]')
    await page.waitForSelector('[data-rung="ana"]', slow)
  })

  it('draws the queue and the service level of the last minutes, with numbers', async () => {
    await page.waitForSelector('.plot-legend:has-text("Open 3")', slow)
    const painted = await page.locator('.plot canvas').evaluateAll((found) =>
      found.map((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement
        const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
        return pixels.some((value) => value > 0)
      }),
    )
    expect(painted).toEqual([true, true])
  })

  it('has no serious violation of accessibility in light and dark, now and in the editor', async () => {
    await page.click('[data-view="now"]')
    await expectNoViolation(page)
    await page.click('[data-view="workflows"]')
    await page.waitForSelector('[data-draft="good"]', slow)
    await expectNoViolation(page)
  })

  it('shows every problem of malformed workflows with its path, and does not save them', async () => {
    const before = JSON.stringify(desk.live.desk.snapshot().state.desk.workflows)
    await write(page, '[{"name": "", "conditions": {"all": []}, "event": {"type": "route", "params": {"to": 7}}}]')
    await page.waitForSelector('[data-draft="problems"]', slow)
    const paths = await page.locator('.remarks .error code').allTextContents()
    expect(paths).toEqual(expect.arrayContaining(['[0].name', '[0].conditions.all', '[0].event.params.to']))
    expect(await page.isDisabled('[data-action="save"]')).toBe(true)
    await write(page, '[{')
    await page.waitForSelector('[data-draft="malformed"]', slow)
    expect(await page.isDisabled('[data-action="save"]')).toBe(true)
    expect(JSON.stringify(desk.live.desk.snapshot().state.desk.workflows)).toBe(before)
  })

  it('shows by a dry run what would change, and changes live portals when it is saved', async () => {
    await write(page, JSON.stringify([everythingTo('billing')]))
    await page.waitForSelector('[data-draft="good"] .dry-run[data-runs="100"]:not([data-changed="0"])', slow)
    const changed = Number(await page.getAttribute('.dry-run', 'data-changed'))
    expect(await page.locator('.run').count()).toBe(changed)
    expect(await page.textContent('.dry-run-summary')).toContain(`${changed} of the last 100`)
    await ana.waitForSelector('body[data-bell="ringing"]', slow)
    await page.click('[data-action="save"]')
    await page.waitForSelector('.save-message:has-text("3 open requests were routed again")', slow)
    await ana.waitForSelector('body[data-bell="silent"]', slow)
    await ana.waitForSelector('[data-filter="ringing"][data-count="0"]', slow)
    expect(desk.live.desk.awaiting().map(({ request }) => request.workflow)).toEqual(Array(3).fill('All to billing'))
    await page.waitForSelector('[data-draft="good"] .badge:has-text("As saved")', slow)
    await page.waitForSelector('.dry-run[data-runs="100"]', slow)
  })

  it('refuses to save a value that is not a list of workflows, or too large', async () => {
    for (const text of ['null', '[null]', JSON.stringify([everythingTo('x'.repeat(260 * 1_024))])]) {
      await write(page, text)
      await page.waitForSelector('[data-draft="problems"]', slow)
      await page.waitForSelector('.badge:has-text("Cannot be saved")', slow)
    }
    await page.waitForSelector('.advice:has-text("250 KiB")', slow)
  })

  it('shows another request only a while after the selected one was closed', async () => {
    await page.click('[data-view="now"]')
    await page.click('.queue-row:has-text("Maya")')
    await page.waitForSelector('.explain-head:has-text("Maya")', slow)
    const requestId = await page.getAttribute('.queue-row[aria-current="true"]', 'data-request')
    await desk.live.desk.cancel(requestId ?? '')
    await page.waitForSelector('.explain:has-text("No longer open")', slow)
    expect(await page.locator('[data-action="assign"]').count()).toBe(0)
    await page.waitForSelector('[data-explained]', slow)
    expect(await page.getAttribute('[data-explained]', 'data-explained')).not.toBe(requestId)
    await page.click('[data-view="workflows"]')
  })

  it('keeps the edits of one page when another saves, and shows so', async () => {
    await write(page, JSON.stringify([everythingTo('sales')]))
    const other = await desk.supervisor()
    await other.click('[data-view="workflows"]')
    await other.waitForSelector('[data-draft="good"]', slow)
    await write(other, JSON.stringify([everythingTo('servers')]))
    await other.waitForSelector('[data-action="save"]:not(:disabled)', slow)
    await other.click('[data-action="save"]')
    await page.waitForSelector('.banner:has-text("Other workflows were saved")', slow)
    expect(await page.isDisabled('[data-action="save"]')).toBe(true)
    await page.click('[data-action="reload"]')
    await page.waitForSelector('.cm-content:has-text("All to servers")', slow)
    await ana.waitForSelector('body[data-bell="ringing"]', slow)
    await other.context().close()
  })

  it('is shown in screenshots: light, dark and on a phone, nothing wider than the screen', async () => {
    await desk.live.desk.setWorkflows(readDeskFiles(`${root}examples/live-desk`).workflows, { reroute: true })
    const [, ...played] = desk.live.staffIds
    const how = { speed: 120, fromHour: 9, staffIds: played.slice(0, 8), reactMs: { min: 3_000, max: 14_000 } }
    const stop = replayDay(desk.live, how)
    await page.click('[data-view="now"]')
    await expect.poll(() => desk.live.desk.metrics().accepted, slow).toBeGreaterThan(12)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(1_200)
      await takeScreenshot(page, `supervisor-${colorScheme}`)
    }
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(800)
    stop()
    const phone = await desk.supervisor({ viewport: { width: 390, height: 844 } })
    await phone.waitForSelector('.queue-row', slow)
    for (const view of ['now', 'workflows']) {
      await phone.click(`[data-view="${view}"]`)
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    }
  })
})

const asked = [
  ['Maya', 'server', 'My server does not come back after a reboot.', '/docs/ssh-keys'],
  ['Jonas', 'outage', 'Our shop is down since five minutes!', '/status'],
  ['Priya', 'other', 'A site on your servers copies our shop.', '/legal/report-abuse'],
] as const

function everythingTo(team: string) {
  const conditions = { all: [{ fact: 'topic', operator: 'notEqual', value: 'never' }] }
  const params = { steps: [{ to: { team } }], whenExhausted: 'hold' }
  return { name: `All to ${team}`, conditions, event: { type: 'route', params } }
}

/** Replaces the whole text of the editor by a paste. */
async function write(page: Page, text: string): Promise<void> {
  await page.click('.cm-content')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}
