import { readFile, writeFile } from 'node:fs/promises'
import { emptyState, evolve, portalSnapshotOf, supervisorAwaitingList } from '../../../src/core'
import type { StoreEntry } from '../../../src/store'
import { createChainHash } from '../../../src/store/integrity'
import { runGoldenScenario } from './golden-scenario'

/** What a release wrote: entries as they stood in its stores, and the views of the state they fold to. */
export interface GoldenLog {
  readonly entries: readonly GoldenEntry[]
  readonly views: unknown
}

export interface GoldenEntry {
  readonly t: number
  /** The hash in Postgres, and the one in Redis. */
  readonly sha256: string
  readonly sha1: string
  readonly text: string
}

const file = (release: string) => new URL(`./${release}.json`, import.meta.url)

export async function readGoldenLog(release: string): Promise<GoldenLog> {
  return JSON.parse(await readFile(file(release), 'utf8'))
}

/** Runs the scenario and records what this release writes. A golden log is never recorded again after its release. */
export async function writeGoldenLog(release: string): Promise<void> {
  const entries: GoldenEntry[] = []
  for (const { t, payload } of await runGoldenScenario()) {
    const text = JSON.stringify(payload)
    const previous = entries.at(-1) ?? { sha256: '', sha1: '' }
    const sha256 = createChainHash('sha256')(previous.sha256, t, text)
    entries.push({ t, sha256, sha1: createChainHash('sha1')(previous.sha1, t, text), text })
  }
  const golden: GoldenLog = { entries, views: viewsOf(entriesOf(entries, 'sha256')) }
  await writeFile(file(release), `${JSON.stringify(golden, null, 1)}\n`)
}

/** Returns the entries as a backend with this hash returns them. */
export function entriesOf(stored: readonly GoldenEntry[], hash: 'sha256' | 'sha1'): StoreEntry[] {
  return stored.map((entry, index) => ({
    v: index + 1,
    h: entry[hash],
    t: entry.t,
    payload: JSON.parse(entry.text),
  }))
}

/** Returns the views of a desk after these entries. */
export function viewsOf(entries: readonly StoreEntry[]): unknown {
  const state = emptyState()
  for (const event of entries.flatMap(({ payload }) => payload.events)) evolve(state, event)
  const portals = [...state.staff.keys()].sort().map((staffId) => portalSnapshotOf(state, staffId, entries.length))
  return JSON.parse(JSON.stringify({ awaiting: supervisorAwaitingList(state), portals }))
}
