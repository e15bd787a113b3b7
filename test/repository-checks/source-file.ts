import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A file of the repository; `path` is relative to its root and has forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every file under `folder` whose name ends in one of `endings`, sorted by path. A folder that is missing has none. */
export function filesUnder(folder: string, endings: readonly string[] = ['.ts', '.tsx', '.mts', '.cts']): SourceFile[] {
  return pathsUnder(folder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
}

function pathsUnder(folder: string): string[] {
  const found: string[] = []
  for (const entry of entriesOf(folder)) {
    const path = `${folder}/${entry.name}`
    if (entry.isFile() && !entry.name.startsWith('.')) found.push(path)
    if (entry.isDirectory() && !['.git', 'node_modules', 'dist', '.frontbell'].includes(entry.name))
      found.push(...pathsUnder(path))
  }
  return found.sort()
}

function entriesOf(folder: string) {
  try {
    return readdirSync(root + folder, { withFileTypes: true })
  } catch {
    return []
  }
}
