import type { Facts } from 'frontbell'

const summarizedFacts = ['name', 'topic', 'question', 'country', 'language', 'customer', 'page']
const lengthMax = 160

/** Returns the facts that a list shows, as text of limited length: a visitor may send 16 KiB. */
export function summarizeFacts(facts: Facts): Readonly<Record<string, string>> {
  const texts = summarizedFacts.flatMap((name) => {
    const value = facts[name]
    return typeof value === 'string' ? [[name, value.slice(0, lengthMax)] as const] : []
  })
  return Object.fromEntries(texts)
}
