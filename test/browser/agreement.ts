import type { PortalSnapshot } from 'frontbell'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** A tab in which somebody is signed in. Tabs of one browser profile share `profile`: one of them sounds. */
export interface StaffTab {
  readonly page: Page
  readonly staffId: string
  readonly profile: string
}

/** What stands on a screen, read as a person reads it: tab by tab, row by row. */
export interface SeenScreen {
  readonly ringing: readonly string[]
  readonly awaiting: readonly string[]
  readonly chats: readonly string[]
  readonly visitors: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  readonly availability: string
  readonly bell: string
  readonly title: string
}

const words = { muted: 'Muted by you', snoozed: 'Snoozed', missed: 'Missed', waiting: 'Waiting' }
const whyWords: Readonly<Record<string, string>> = { ...words, 'over-capacity': 'You are full' }

/**
 * Waits until every tab shows exactly what the server says is on that person's screen, the bell is on where something
 * rings, and in each profile one tab of a person sounds and no other.
 */
export async function expectAgreement(
  tabs: readonly StaffTab[],
  portalOf: (staffId: string) => Promise<PortalSnapshot | undefined> | PortalSnapshot | undefined,
): Promise<void> {
  const compared = async () => {
    const screens = await Promise.all(tabs.map(({ page }) => seenScreen(page)))
    const wanted = await Promise.all(tabs.map(async ({ staffId }) => wantedScreen(await portalOf(staffId))))
    const sounds = await Promise.all(tabs.map(({ page }) => page.getAttribute('body', 'data-sound')))
    return {
      seen: tabs.map(({ staffId }, index) => ({ staffId, ...screens[index] })),
      wanted: tabs.map(({ staffId }, index) => ({ staffId, ...wanted[index] })),
      sounds: soundsOf(tabs, sounds),
      wantedSounds: soundsOf(tabs, wantedSounds(tabs, wanted)),
    }
  }
  let last = await compared()
  const isEqual = () => JSON.stringify([last.seen, last.sounds]) === JSON.stringify([last.wanted, last.wantedSounds])
  for (const until = Date.now() + 60_000; !isEqual() && Date.now() < until; last = await compared())
    await new Promise((later) => setTimeout(later, 150))
  expect(last.seen).toEqual(last.wanted)
  expect(last.sounds).toEqual(last.wantedSounds)
}

export async function seenScreen(page: Page): Promise<SeenScreen> {
  return (await page.evaluate(readScreen)) as SeenScreen
}

function wantedScreen(portal: PortalSnapshot | undefined): SeenScreen {
  if (portal === undefined) throw new Error('expected a staff member of the roster')
  const { ringing, awaiting, chats, visitors, availability } = portal
  const rest = awaiting.filter(({ why }) => why !== 'ringing')
  return {
    ringing: ringing.map(({ requestId }) => requestId),
    awaiting: rest.map(({ requestId, why }) => `${requestId} ${whyWords[why]}`),
    chats: chats.map(({ requestId }) => requestId),
    visitors: visitors.map(({ visitorId }) => visitorId),
    counts: { ringing: ringing.length, awaiting: rest.length, chats: chats.length, visitors: visitors.length },
    availability: availability === 'available' ? 'Available' : 'Away',
    bell: ringing.length > 0 ? 'ringing' : 'silent',
    title: ringing.length > 0 ? `(${ringing.length}) Front desk` : 'Front desk',
  }
}

/** For each person in each profile, how many tabs are in which state: which of them sounds is the browser's choice. */
function soundsOf(tabs: readonly StaffTab[], states: readonly (string | null)[]): readonly string[] {
  return tabs.map(({ profile, staffId }, index) => `${profile} ${staffId} ${states[index]}`).sort()
}

function wantedSounds(tabs: readonly StaffTab[], screens: readonly SeenScreen[]): readonly string[] {
  const sounding = new Set<string>()
  return tabs.map(({ profile, staffId }, index) => {
    if (screens[index]?.bell !== 'ringing') return 'silent'
    const who = `${profile} ${staffId}`
    if (sounding.has(who)) return 'elsewhere'
    sounding.add(who)
    return 'ringing'
  })
}

/** Runs in the page: opens one filter after the other, and the first again. */
const readScreen = `(async () => {
  const drawn = () => new Promise((later) => setTimeout(() => setTimeout(later, 0), 0))
  const text = (node) => node.textContent.trim().replace(/\\s+/g, ' ')
  const tab = (name) => document.querySelector('[data-filter=' + name + ']')
  const list = async (name, of) => {
    tab(name).click()
    await drawn()
    return [...document.querySelectorAll('#list .row')].map(of)
  }
  const why = (row) => text(row.querySelector('.badge')).split(' · ')[0]
  const shown = document.querySelector('[data-filter][aria-selected=true]').dataset.filter
  const awaiting = await list('awaiting', (row) => row.dataset.request + ' ' + why(row))
  const chats = await list('chats', (row) => row.dataset.request)
  const visitors = await list('visitors', (row) => row.dataset.visitor)
  const ringing = await list('ringing', (row) => row.dataset.request)
  tab(shown).click()
  await drawn()
  const counts = {}
  for (const name of ['ringing', 'awaiting', 'chats', 'visitors']) counts[name] = Number(tab(name).dataset.count)
  const availability = text(document.querySelector('[data-action=availability]'))
  return { ringing, awaiting, chats, visitors, counts, availability, bell: document.body.dataset.bell,
    title: document.title }
})()`
