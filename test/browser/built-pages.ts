import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { buildPages } from '../../examples/live-desk/build-pages'
import { root } from '../house/source-file'

const sources = ['examples/live-desk', 'src/portal', 'src/core']
const folder = `${root}.frontbell/test-pages`
const keptForMs = 86_400_000

/** The pages of the live desk, built once for all test files that find the same sources. */
export async function builtPages(): Promise<string> {
  const kept = `${folder}/${digest()}`
  if (existsSync(kept)) return kept
  const fresh = `${kept}-${randomUUID()}`
  await buildPages(fresh)
  try {
    renameSync(fresh, kept)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(kept)) throw error // otherwise another test file was faster
  }
  forgetOld()
  return kept
}

function digest(): string {
  const hash = createHash('sha256').update(readFileSync(`${root}package-lock.json`))
  for (const source of sources) {
    for (const name of readdirSync(root + source, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = `${root}${source}/${name}`
      if (statSync(path).isFile()) hash.update(name).update(readFileSync(path))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

function forgetOld(): void {
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`
    if (statSync(path).mtimeMs < Date.now() - keptForMs) rmSync(path, { recursive: true, force: true })
  }
}
