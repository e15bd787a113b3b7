import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { builtPages } from './fixtures/built-pages'
import { launchChromium, skipsBrowser } from './fixtures/chromium'
import { askForChat } from './fixtures/desk-in-browser'
import { type DeskProcess, deskProcess } from './fixtures/desk-process'
import { expectAgreement, type StaffTab } from './fixtures/screen-agreement'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const people = ['ana', 'bo', 'chidi']

describe.skipIf(skipsBrowser())('a server that is killed while it rings and started again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'frontbell-restart-'))
  const dataFolder = join(folder, 'data')
  let outDir: string
  let server: DeskProcess
  let browser: Browser
  let tabs: readonly StaffTab[] = []
  let shop: Page
  const agree = () => expectAgreement(tabs, (staffId) => server.portal(staffId))
  const of = (staffId: string) => tabs.find((tab) => tab.staffId === staffId)?.page as Page

  beforeAll(async () => {
    outDir = await builtPages()
    const starting = deskProcess({ port: 0, outDir, dataFolder })
    browser = await launchChromium()
    server = await starting
    const opened = await Promise.all(people.map(twoTabs))
    tabs = opened.flat()
    shop = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await shop.goto(`${server.url}/docs/ssh-keys`)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  it('silences all screens at once, rings again for the same staff, and keeps their mutes', async () => {
    await askForChat(shop, { name: 'Maya', topic: 'server', question: 'My server does not come back.' })
    await bell(people, 'ringing')
    await of('ana').click('[data-action="mute"]')
    await bell(['ana'], 'silent')
    await agree()
    await server.kill()
    await bell(people, 'silent')
    for (const { page } of tabs) await page.waitForSelector('.banner:has-text("Reconnecting")', { timeout: 60_000 })

    server = await deskProcess({ port: Number(new URL(server.url).port), outDir, dataFolder })
    for (const { page } of tabs) await page.waitForSelector('body[data-connection="live"]', { timeout: 60_000 })
    await bell(['bo', 'chidi'], 'ringing')
    await agree()
    expect((await server.portal('ana'))?.awaiting.map(({ reason }) => reason)).toEqual(['muted'])
    await shop.waitForSelector('.widget[data-phase="waiting"]', { timeout: 60_000 })
  })

  it('lets the request be accepted after that, and the visitor chat with the staff member who has it', async () => {
    await of('bo').click('[data-action="accept"]')
    await bell(people, 'silent')
    await agree()
    await shop.waitForSelector('.widget[data-phase="chatting"]', { timeout: 60_000 })
    await shop.fill('.write input', 'Are you still there?')
    await shop.keyboard.press('Enter')
    await of('bo').click('[data-filter="chats"]')
    await of('bo').waitForSelector('.line.visitor:has-text("Are you still there?")', { timeout: 60_000 })
    expect((await server.portal('bo'))?.chats).toHaveLength(1)
  })

  async function twoTabs(staffId: string): Promise<readonly StaffTab[]> {
    const context = await browser.newContext({ locale: 'en-US' })
    return [await signedIn(context, staffId), await signedIn(context, staffId)]
  }

  async function signedIn(context: BrowserContext, staffId: string): Promise<StaffTab> {
    const page = await context.newPage()
    await page.goto(`${server.url}/staff?as=${staffId}`)
    await page.waitForSelector('body[data-connection="live"]', { timeout: 60_000 })
    return { page, staffId, profile: staffId }
  }

  async function bell(staffIds: readonly string[], state: 'ringing' | 'silent'): Promise<void> {
    const meant = tabs.filter(({ staffId }) => staffIds.includes(staffId))
    await Promise.all(meant.map(({ page }) => page.waitForSelector(`body[data-bell="${state}"]`, { timeout: 60_000 })))
  }
})
