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
const reasons: Readonly<Record<AwaitingReason, string>> = {
  ringing: 'Ringing',
  muted: 'Muted by you',
  snoozed: 'Snoozed',
  missed: 'Missed',
  waiting: 'Waiting',
  'over-capacity': 'You are full',
  reserved: 'Your slot is reserved',
  transferred: 'You transferred it',
  'left-alone': 'In a chat, left alone',
}
const staffReasons: Readonly<Record<string, string>> = {
  rung: 'rung',
  'not-targeted': 'not meant',
  'not-in-team': 'not in the team',
  'lacks-skill': 'lacks the skill',
  'not-in-shift': 'not of the shift',
  'off-shift': 'off shift',
  absent: 'not here',
  away: 'away',
  full: 'full',
  reserved: 'place offered to another',
  muted: 'muted it',
  snoozed: 'snoozed it',
  declined: 'declined',
  'visitor-away': 'the visitor has left',
  'not-offered': 'not offered yet',
}
const refusals: Readonly<Record<string, string>> = {
  'at-capacity': 'You are full: end a chat first',
  'request-closed': 'It is over already',
  'unknown-request': 'It is over already',
  'not-in-audience': 'It is not for you any more',
  'not-assigned': 'Nobody has it any more',
  unavailable: 'The desk cannot do it now: try again in a moment',
  'outcome-unknown': 'No answer came: the screen tells what became of it',
  offline: 'The line is down: nothing was sent',
  'connection-lost': 'No answer came: the screen tells what became of it',
  'too-many': 'Too fast: try again in a moment',
}
const letters = new Intl.Segmenter()
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** Returns a fact as text of limited length: visitors send any JSON. */
export function factText(facts: Facts, name: string): string {
  const value = facts[name]
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

export const topicText = (facts: Facts) => topics[factText(facts, 'topic')] ?? (factText(facts, 'topic') || 'Question')
export const nameText = (facts: Facts) => factText(facts, 'name').trim() || 'Visitor'
export const reasonText = (reason: AwaitingReason) => reasons[reason]
export const staffReasonText = (reason: string) => staffReasons[reason] ?? reason

/** Returns label and text of every fact except those that the panel shows elsewhere. */
export function factRows(facts: Facts): readonly (readonly [label: string, text: string])[] {
  return Object.keys(facts)
    .filter((name) => name !== 'name' && name !== 'question')
    .map((name) => [labels[name] ?? name, displayText(name, factText(facts, name), facts)] as const)
}

/** Returns the first letter, which may be more than one code unit. */
export function initial(name: string): string {
  const [first] = letters.segment(name)
  return first?.segment ?? ''
}

/** Returns a refusal as a text for people, with names instead of ids. */
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
  const parts = ['country', 'language'].map((name) => displayText(name, factText(facts, name), facts))
  return parts.filter((text) => text !== '').join(' · ')
}

function displayText(name: string, text: string, facts: Facts): string {
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
