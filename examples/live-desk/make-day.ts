import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One request of the recorded day: its time in milliseconds from midnight, its visitor and its facts. */
export interface DayRequest {
  readonly atMs: number
  readonly visitorId: string
  readonly facts: Readonly<Record<string, string>>
}

const requestsCount = 640
const hourMs = 3_600_000

/**
 * Requests by hour of the day, as a European hosting company sees them: a morning, a lunch dip, an American evening.
 */
const byHour = [4, 3, 2, 2, 3, 6, 12, 26, 44, 52, 50, 44, 36, 46, 52, 50, 46, 40, 34, 30, 24, 18, 11, 6]

const countries = { DE: 22, GB: 17, US: 20, FR: 9, ES: 7, NL: 6, AT: 4, IE: 3, CA: 3, BR: 3, MX: 2, JP: 2, PL: 2 }
const languages: Readonly<Record<string, string>> = {
  DE: 'de',
  AT: 'de',
  FR: 'fr',
  ES: 'es',
  MX: 'es',
  BR: 'pt',
  JP: 'ja',
}
const customers = { existing: 66, new: 29, vip: 5 }
const topics = {
  server: 17,
  wordpress: 15,
  domain: 13,
  email: 12,
  billing: 14,
  sales: 12,
  account: 8,
  cancel: 4,
  outage: 3,
  abuse: 2,
}
const pages: Readonly<Record<string, readonly string[]>> = {
  server: ['/products/vps', '/docs/ssh-keys', '/docs/mysql', '/docs/postgres', '/account/servers'],
  wordpress: ['/products/wordpress', '/docs/wordpress-migration', '/account/sites'],
  domain: ['/domains/search', '/docs/dns-records', '/domains/transfer'],
  email: ['/docs/imap-settings', '/docs/spf-dkim', '/account/mailboxes'],
  billing: ['/account/invoices', '/account/payment', '/docs/vat'],
  sales: ['/pricing', '/products/dedicated', '/products/vps', '/checkout'],
  account: ['/account', '/account/security', '/login'],
  cancel: ['/account/cancel'],
  outage: ['/status', '/account/servers'],
  abuse: ['/legal/report-abuse'],
}
const questions: Readonly<Record<string, readonly string[]>> = {
  server: [
    'My VPS does not come back after a reboot.',
    'How do I add a second IPv6 address?',
    'MySQL stops with "too many connections" every morning.',
    'Can you raise the disk without a reinstall?',
    'SSH says "permission denied (publickey)" since I changed my key.',
  ],
  wordpress: [
    'The update to the latest version hangs at 60 %.',
    'I see a white page after installing a plugin.',
    'Can you move my site from another host?',
    'My shop is slow when ten people order at once.',
  ],
  domain: [
    'The transfer has been pending for six days.',
    'Where do I put the TXT record for verification?',
    'I forgot to renew. Can I still get my domain back?',
    'How long until new name servers are seen everywhere?',
  ],
  email: [
    'My mails land in the spam folder of Gmail.',
    'Outlook keeps asking for the password.',
    'I need a catch-all address for my company.',
  ],
  billing: [
    'I was charged twice in October.',
    'Can the invoice carry our VAT number?',
    'My card was declined, but the bank says all is fine.',
    'Please send the last three invoices to our accountant.',
  ],
  sales: [
    'Which plan fits a shop with 2,000 products?',
    'Do you give a discount for three years?',
    'Is the dedicated server available in Frankfurt?',
    'Can I start small and move up later?',
  ],
  account: [
    'I lost the phone with my second factor.',
    'How do I add a colleague to our account?',
    'Please change the owner of the account.',
  ],
  cancel: ['I want to close my account at the end of the month.', 'How do I cancel the second server only?'],
  outage: ['Our site is down since five minutes!', 'None of our three servers answers.'],
  abuse: ['A site on your servers copies our shop.', 'I get spam from one of your addresses.'],
}
// biome-ignore format: a list of names reads best in rows
const names = [
  'Maya', 'Jonas', 'Priya', 'Tom', 'Aisha', 'Luca', 'Ines', 'Paul', 'Keiko', 'Sven', 'Nora', 'Diego', 'Olu', 'Greta',
  'Ben', 'Chloé', 'Rafael', 'Zoë', 'Mark', 'Ewa', 'Liam', 'Yuki', 'Carla', 'Hugo', 'Amir', 'Ruth', 'Pedro', 'Anja',
]

/** The same seed gives the same day, to the byte. */
export function makeDay(seed: number): readonly DayRequest[] {
  const random = randomOf(seed)
  const day = Array.from({ length: requestsCount }, (_, index) => {
    const hour = Number(weighted(random, Object.fromEntries(byHour.entries())))
    const topic = weighted(random, topics)
    const country = weighted(random, countries)
    const customer = topic === 'sales' ? weighted(random, { new: 80, existing: 20 }) : weighted(random, customers)
    const facts = {
      name: pick(random, names),
      topic,
      country,
      language: languages[country] ?? 'en',
      page: pick(random, pages[topic] ?? ['/']),
      customer,
      question: pick(random, questions[topic] ?? ['Hello?']),
    }
    return { atMs: Math.floor((hour + random()) * hourMs), visitorId: `day-${index + 1}`, facts }
  })
  return day.sort((a, b) => a.atMs - b.atMs)
}

export function dayText(day: readonly DayRequest[]): string {
  return `${day.map((request) => JSON.stringify(request)).join('\n')}\n`
}

/** Mulberry32: small, seeded, and good enough for a made-up day. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<Item>(random: () => number, items: readonly [Item, ...Item[]] | readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function weighted(random: () => number, weights: Readonly<Record<string, number>>): string {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0)
  let left = random() * sum
  for (const [name, weight] of Object.entries(weights)) {
    left -= weight
    if (left < 0) return name
  }
  return Object.keys(weights)[0] ?? ''
}

const isRunAsScript = process.argv[1] === fileURLToPath(import.meta.url)
if (isRunAsScript) writeFileSync(new URL('day.jsonl', import.meta.url), dayText(makeDay(2026)))
