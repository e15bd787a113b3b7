import MiniSearch, { type SearchOptions } from 'minisearch'

/**
 * How the search of the site weighs its pages: guides first, then what is read from the beginning, then reference; the
 * generated names and types and the decisions last. The site writes this function into its pages, so it names nothing
 * outside itself.
 */
export const searchOptions = {
  fuzzy: 0.2,
  prefix: true,
  boost: { title: 4, text: 2, titles: 1 },
  boostDocument: (id: string) => {
    if (/\/guides\//.test(id)) return 8
    if (/\/api\//.test(id)) return 0.1
    if (/\/(decisions|changelog|spec|mutation)/.test(id)) return 0.3
    return /\/reference\//.test(id) ? 2 : 3
  },
} satisfies SearchOptions

/** Words that a new user types, each of which has to lead to a guide first. */
export const wordsForGuides = [
  ...['mute', 'business hours', 'webhook', 'docker', 'deploy'],
  ...['health check', 'nginx', 'redis', 'react', 'notification', 'shutdown', 'simulate'],
]

interface Found {
  readonly id: string
}

/** Returns the words whose first result is no guide, with that result. */
export function wordsWithoutGuide(search: (word: string) => readonly Found[]): string[] {
  return wordsForGuides.flatMap((word) => {
    const [first] = search(word)
    if (first !== undefined && /\/guides\//.test(first.id)) return []
    return [`${word}: ${first?.id ?? 'nothing'}`]
  })
}

/** Returns the search of an index as the site has built it: the text of the chunk that holds it. */
export function searchOfChunk(chunk: string): (word: string) => readonly Found[] {
  const literal = /(['"`])(\{"documentCount".*\})\1/s.exec(chunk)
  if (literal === null) throw new Error('The chunk holds no index')
  const [, , text = ''] = literal
  const unescaped = text.replace(/\\([\\$'"`])/g, '$1')
  const index = MiniSearch.loadJSON(unescaped, { fields: ['title', 'titles', 'text'] })
  return (word) => index.search(word, searchOptions)
}
