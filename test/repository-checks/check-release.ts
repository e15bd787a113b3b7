import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from './source-file'

/** What package.json says of its publisher. */
export interface PublisherFields {
  readonly author?: unknown
  readonly homepage?: unknown
  readonly repository?: unknown
  readonly bugs?: unknown
}

const fields = ['author', 'homepage', 'repository', 'bugs'] as const

/** Returns what a publisher still has to set: fields that are missing, and those on the reserved name `.invalid`. */
export function unsetFields(manifest: PublisherFields): string[] {
  return fields.flatMap((field) => {
    const texts = textsOf(manifest[field])
    if (texts.length === 0) return [`${field}: expected the publisher's own, got nothing`]
    const placeholder = texts.find((text) => /\.invalid\b/i.test(text))
    return placeholder === undefined
      ? []
      : [`${field}: expected the publisher's own, got the placeholder ${placeholder}`]
  })
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** `npm run check:release`, also before `npm publish`: fails while package.json holds a placeholder. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const unset = unsetFields(JSON.parse(readFileSync(`${root}package.json`, 'utf8')))
  for (const line of unset) console.error(`package.json: ${line}`)
  if (unset.length > 0) process.exitCode = 1
}
