import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rootPages } from './lay-out-pages'
import { llmsText } from './llms-text'

/** Writes the package's `llms.txt`, which names the pages as they stand in the package. Runs at the package's root. */
export function writeLlmsText(): void {
  const names = readdirSync('docs', { recursive: true }).map((name) => `docs/${String(name).replaceAll('\\', '/')}`)
  const paths = [...names.filter((name) => name.endsWith('.md')), ...Object.keys(rootPages)]
  writeFileSync('llms.txt', llmsText(paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))))
}
