import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const howTo = 'Chromium is not in PATH: install it with `apt-get install chromium` to run the browser tests'

/** Where Chromium is; `undefined` where it is missing. */
export const chromiumPath = names
  .flatMap((name) => (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${name}`))
  .find(isExecutable)

/** With `FRONTBELL_REQUIRE=chromium` a missing Chromium is a failure instead of a skipped test. */
export const isChromiumRequired = (process.env.FRONTBELL_REQUIRE ?? '').split(',').includes('chromium')

/** Whether browser tests are to be skipped; says once how not to. */
export function skipsBrowser(): boolean {
  if (chromiumPath !== undefined || isChromiumRequired) return false
  console.warn(`skipped: ${howTo}`)
  return true
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(howTo)
  return await chromium.launch({ executablePath: chromiumPath, args })
}

/**
 * A Chromium of one profile in which a tab is hidden by the next one and can be frozen. Those of `launchChromium` take
 * every tab for the one in front, because the driver says so to each.
 */
export async function launchPlainChromium(): Promise<{ readonly browser: Browser; close(): Promise<void> }> {
  if (chromiumPath === undefined) throw new Error(howTo)
  const profile = mkdtempSync(join(tmpdir(), 'frontbell-profile-'))
  const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank']
  const child = spawn(chromiumPath, [...args, ...own], { stdio: ['ignore', 'ignore', 'pipe'] })
  const gone = once(child, 'exit')
  const browser = await chromium.connectOverCDP(await debuggedAt(child.stderr), { noDefaults: true })
  return {
    browser,
    async close() {
      const session = await browser.newBrowserCDPSession()
      await session.send('Browser.close')
      await gone
      // Its helper processes write for a moment longer.
      rmSync(profile, { recursive: true, force: true, maxRetries: 40, retryDelay: 250 })
    },
  }
}

async function debuggedAt(output: Readable): Promise<string> {
  let text = ''
  for await (const part of output) {
    text += part
    const [url] = /ws:\/\/\S+/.exec(text) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`expected a Chromium that starts, got ${text}`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
