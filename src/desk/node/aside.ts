import { DeskError, type DeskState, emptyState, evolve } from '../../core'
import type { EventLog, LogEntry } from '../../log'
import { Answers } from '../answers'
import type { Outcome } from '../desk-outcome'
import { stateIn } from '../desk-snapshot'
import { parseSaved } from '../take-history'
import { linkedRead } from './linked-read'
import { Roll, type SavedRoll } from './roll'

/** A whole desk, folded from the log beside the one that is shown. */
export interface Aside {
  readonly state: DeskState
  readonly answers: Answers
  readonly v: number
  readonly h: string
  readonly roll: SavedRoll
  /** Where the fold began: entries up to here are in the snapshot, whose hash is `fromHash`. */
  readonly from: number
  readonly fromHash: string
  /** The entries after that. */
  readonly entries: readonly LogEntry[]
}

const triesMax = 5

/**
 * Folds the newest snapshot and what follows it, up to version `upTo` at most; nobody is told of anything. Another node
 * may save a snapshot and let entries go meanwhile: then it begins again.
 * @throws DeskError for a log that cannot be folded to its end.
 */
export async function foldAside(log: EventLog, upTo = Number.POSITIVE_INFINITY): Promise<Aside> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const folded = await fold(log, upTo)
    if (folded !== null) return folded
  }
  throw new DeskError('log-damaged', `the log's newest snapshot and its entries do not fit in ${triesMax} tries`)
}

async function fold(log: EventLog, upTo: number): Promise<Aside | null> {
  const saved = await log.loadSnapshot()
  const snapshot = saved === null || saved.v > upTo ? null : parseSaved(saved)
  const state = snapshot === null ? emptyState() : stateIn(snapshot)
  const answers = new Answers()
  const roll = new Roll('')
  for (const [id, outcome] of snapshot?.state.answers ?? []) answers.remember(id, outcome as Outcome)
  roll.restore(snapshot?.state.nodes ?? [])
  const from = snapshot?.v ?? 0
  const fromHash = snapshot?.h ?? ''
  let last = { v: from, h: fromHash }
  const entries: LogEntry[] = []
  for (;;) {
    const read = await linkedRead(log, last, false)
    if (read.status !== 'continues') return null
    for (const entry of read.entries) {
      if (entry.v > upTo) break
      for (const event of entry.payload.events) evolve(state, event)
      for (const { id, outcome } of entry.payload.commands) answers.rememberLogged(id, outcome)
      roll.follow(entry)
      entries.push(entry)
      last = entry
    }
    if (read.isAll || last.v >= upTo) {
      return { state, answers, ...last, roll: roll.saved(), from, fromHash, entries }
    }
  }
}
