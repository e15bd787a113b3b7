import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Returns the path of a program, on PATH or in Debian's folders of Postgres, the newest first; `null` when absent. */
export function findBinary(name: string): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter)
  return [...onPath, ...postgresFolders()].map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql'
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(root, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
