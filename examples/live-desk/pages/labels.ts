import type { AwaitingReason, Facts } from 'frontbell'
import type { PortalOutcome } from 'frontbell/portal'

const topics: Readonly<Record<string, string>> = {
  server: 'Server',
  wordpress: 'WordPress',
  domain: 'Domain',
  email: 'E-mail',
  billing: 'Billing',
  sales: 'Buying',
  account: 'Account',
  cancel: 'Cancellation',
  outage: 'Site down',
  abuse: 'Abuse report',
  other: 'Something else',
}
const labels: Readonly<Record<string, string>> = {
  topic: 'Topic',
  country: 'Country',
  language: 'Language',
  page: 'Page',
  customer: 'Customer',
  plan: 'Plan',
}
const customers: Readonly<Record<string, string>> = { new: 'New here', existing: 'Has an account', vip: 'Key account' }
const whys: Readonly<Record<AwaitingReason, string>> = {
  ringing: 'Ringing',
  muted: 'Muted by you',
  snoozed: 'Snoozed',
  missed: 'Missed',
  waiting: 'Waiting',
  'over-capacity': 'You are full',
}
const whysNot: Readonly<Record<string, string>> = {
  rung: 'rung',
  'not-in-team': 'not in the team',
  'lacks-skill': 'lacks the skill',
  'off-shift': 'off shift',
  absent: 'not here',
  away: 'away',
  full: 'full',
  muted: 'muted it',
  snoozed: 'snoozed it',
  declined: 'declined',
  'not-offered': 'not offered yet',
}
const refusals: Readonly<Record<string, string>> = {
  'at-capacity': 'You are full: end a chat first',
  gone: 'It is over already',
  'unknown-request': 'It is over already',
  'not-in-audience': 'It is not for you any more',
  'not-assigned': 'Nobody has it any more',
  offline: 'The line is down: nothing was sent',
  'connection-lost': 'No answer came: the screen tells what became of it',
  'too-many': 'Too fast: try again in a moment',
}
const letters = new Intl.Segmenter()
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** Facts come from visitors: whatever they hold, it becomes text of a bearable length. */
export function factText(facts: Facts, name: string): string {
  const value = facts[name]
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

export const topicText = (facts: Facts) => topics[factText(facts, 'topic')] ?? (factText(facts, 'topic') || 'Question')
export const nameText = (facts: Facts) => factText(facts, 'name').trim() || 'Visitor'
export const whyText = (reason: AwaitingReason) => whys[reason]
export const whyNotText = (reason: string) => whysNot[reason] ?? reason

/** Every fact but those that the panel shows elsewhere, as label and text. */
export function factRows(facts: Facts): readonly (readonly [label: string, text: string])[] {
  return Object.keys(facts)
    .filter((name) => name !== 'name' && name !== 'question')
    .map((name) => [labels[name] ?? name, spoken(name, factText(facts, name), facts)] as const)
}

/** The first letter as people see it, which may be more than one code unit. */
export function initial(name: string): string {
  const [first] = letters.segment(name)
  return first?.segment ?? ''
}

/** Why the desk would not do what somebody pressed, without its ids. */
export function refusalText(
  outcome: Extract<PortalOutcome, { ok: false }>,
  nameOf: (staffId: string) => string,
): string {
  if (outcome.by !== undefined) return `${nameOf(outcome.by)} was faster`
  return refusals[outcome.code] ?? outcome.message
}

export function ageText(fromAt: number, nowAt: number): string {
  const seconds = Math.max(0, Math.floor((nowAt - fromAt) / 1_000))
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}

export function clockText(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

export function placeText(facts: Facts): string {
  const parts = ['country', 'language'].map((name) => spoken(name, factText(facts, name), facts))
  return parts.filter((text) => text !== '').join(' · ')
}

function spoken(name: string, text: string, facts: Facts): string {
  if (name === 'topic') return topicText(facts)
  if (name === 'customer') return customers[text] ?? text
  try {
    if (name === 'country') return regions.of(text) ?? text
    if (name === 'language') return languages.of(text) ?? text
  } catch {
    return text
  }
  return text
}
