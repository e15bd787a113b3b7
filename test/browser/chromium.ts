import { accessSync, constants } from 'node:fs'
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

export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(howTo)
  return await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
