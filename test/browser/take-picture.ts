import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { root } from '../house/source-file'

/** Takes a picture of the docs; one that stands there is kept unless `FRONTBELL_SCREENSHOTS` is set. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const path = `${root}docs/images/${name}.png`
  const isWanted = process.env.FRONTBELL_SCREENSHOTS !== undefined || !existsSync(path)
  const taken = await page.screenshot(isWanted ? { path } : {})
  expect(taken.length).toBeGreaterThan(20_000)
  expect(existsSync(path)).toBe(true)
}
