import { posix } from 'node:path'
import type { RepositoryPage } from './lay-out-pages'

/** Returns the text of `llms.txt`: what the library is, and every page of the documentation with its first sentence, by folder. */
export function llmsText(pages: readonly RepositoryPage[]): string {
  const sections = new Map<string, string[]>()
  for (const { path, text } of pages.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const folder = path.includes('/') ? posix.dirname(path) : 'pages'
    const line = `- [${titleOf(text)}](${path}): ${leadOf(text)}`
    sections.set(folder, [...(sections.get(folder) ?? []), line])
  }
  const parts = [...sections].map(([folder, lines]) => `## ${folder}\n\n${lines.join('\n')}\n`)
  return `# frontbell\n\n> ${about}\n\n${parts.join('\n')}`
}

const about =
  'The bell on the front desk of a live chat, as a TypeScript library: decides who is rung for a chat request, keeps it ' +
  'ringing until a staff member acts, and loses none. Commands go in, `ring` and `stop` come out; staff screens are kept ' +
  'equal to the desk over any transport. Terms are in the glossary; the journey leads through the code, file by file.'

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? ''
}

/** Returns the first sentence of the first paragraph. */
function leadOf(text: string): string {
  const paragraphs = text.replace(/^ *```[\s\S]*?^ *```$/gm, '').split(/\n{2,}/)
  const first = paragraphs.find((paragraph) => /^[\p{L}\p{N}`*]/u.test(paragraph)) ?? ''
  const plain = first.replace(/\s+/g, ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  return /^.*?[.:?](?=\s|$)/.exec(plain)?.[0] ?? plain
}
