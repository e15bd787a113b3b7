import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version of the package that this program belongs to. */
export function version(): string {
  let folder = dirname(realpathSync(process.argv[1] ?? '.'))
  for (;;) {
    const found = versionIn(folder)
    if (found !== undefined) return found
    const above = dirname(folder)
    if (above === folder) return 'unknown'
    folder = above
  }
}

function versionIn(folder: string): string | undefined {
  try {
    const { name, version: found } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return name === 'frontbell' ? found : undefined
  } catch {
    return undefined
  }
}
