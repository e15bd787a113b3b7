import type { Page } from 'playwright-core'

/** The one of these tabs that sounds. */
export async function sounding(pages: readonly Page[]): Promise<Page> {
  const states = await Promise.all(pages.map((page) => page.getAttribute('body', 'data-sound')))
  const page = pages[states.indexOf('ringing')]
  if (page === undefined) throw new Error(`expected one tab that sounds, got ${states.join()}`)
  return page
}
