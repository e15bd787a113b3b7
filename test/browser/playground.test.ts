import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { playgroundConfig } from '../../examples/playground/vite-config'
import { launchChromium, skipsBrowser } from './fixtures/chromium'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe.skipIf(skipsBrowser())('the playground', () => {
  let outDir: string
  let server: Server
  let browser: Browser
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    outDir = mkdtempSync(join(tmpdir(), 'frontbell-playground-'))
    await build({ ...playgroundConfig, build: { outDir, emptyOutDir: true, target: 'es2022' } })
    server = createServer(async ({ url = '/' }, response) => {
      const path = url === '/' ? '/index.html' : url
      const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html'
      response.setHeader(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:",
      )
      response.writeHead(200, { 'content-type': type }).end(await readFile(outDir + path).catch(() => ''))
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1360, height: 900 } })
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    rmSync(outDir, { recursive: true, force: true })
  })

  const ringing = () =>
    page.$$eval('[data-bell="ringing"]', (all) => all.map((each) => each.getAttribute('data-staff')))
  const shown = (selector: string) => page.waitForSelector(selector, { timeout: 60_000 })

  it('[PK20] lights the bells of the staff who ring, and shows why the others do not', async () => {
    await shown('[data-staff="bo"][data-bell="ringing"]')
    expect(await ringing()).toEqual(['ana', 'bo'])
    const reasons = await page.$$eval('.reasons li', (all) => all.map((each) => each.getAttribute('data-reason')))
    expect(reasons).toEqual(['rung', 'rung', 'not-in-team', 'not-in-team'])
    await screenshot('wide')
  })

  it('[PK20] advances its clock by a minute, and everyone rings', async () => {
    await page.click('[data-pass="60"]')
    await shown('[data-staff="di"][data-bell="ringing"]')
    expect(await ringing()).toEqual(['ana', 'bo', 'cy', 'di'])
    expect(await page.textContent('.clock time')).toBe('09:01:00')
  })

  it('[PK20] silences one by mute, and all by accept', async () => {
    await page.click('[data-staff="ana"] button:has-text("Mute")')
    await shown('[data-staff="ana"][data-bell="silent"]')
    expect(await ringing()).toEqual(['bo', 'cy', 'di'])
    await page.click('[data-staff="bo"] button:has-text("Accept")')
    await shown('[data-staff="di"][data-bell="silent"]')
    expect(await ringing()).toEqual([])
  })

  it('[PK20] shows what is wrong with workflows, and routes by valid ones', async () => {
    await page.fill(
      'textarea[aria-label="workflows"]',
      '[{"name":"Odd","conditions":{"all":[]},"event":{"type":"route"}}]',
    )
    await page.click('[data-save="workflows"]')
    await shown('[role="alert"]')
    expect(await page.textContent('[role="alert"]')).toContain('workflows[0].conditions')
    await page.fill('textarea[aria-label="workflows"]', JSON.stringify([billsGoToCy]))
    await page.click('[data-save="workflows"]')
    await page.waitForSelector('[role="alert"]', { state: 'detached' })
    await page.selectOption('[name="topic"]', 'billing')
    await page.click('form .main')
    await shown('[data-staff="cy"][data-bell="ringing"]')
    expect(await ringing()).toEqual(['cy'])
  })

  it('[PK20] fits a phone, also in dark mode, and violates no policy of its page', async () => {
    await page.setViewportSize({ width: 375, height: 812 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    await screenshot('phone-dark')
    expect(troubles).toEqual([])
  })

  async function screenshot(name: string): Promise<void> {
    const folder = process.env.FRONTBELL_SCREENSHOTS
    if (folder !== undefined) await page.screenshot({ path: `${folder}/playground-${name}.png`, fullPage: true })
  }
})

const billsGoToCy = {
  name: 'Bills go to Cy',
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'billing' }] },
  event: { type: 'route', params: { to: { staff: 'cy' } } },
}
