import { DeskError } from '../core'

/** What an engine says against putting entries back; `null` when it has done so. */
export function restoreProblem(desk: string, status: unknown, v: unknown): DeskError | null {
  const reason = {
    gap: `ends at version ${v}, so that these entries do not follow`,
    differs: `holds another entry ${v}`,
    broken: `does not continue with entry ${v}: its chain hash breaks`,
  }[String(status)]
  return reason === undefined ? null : diverged(desk, reason)
}

/** The log's history is not the one that it was asked about. */
export function diverged(desk: string, reason: string): DeskError {
  return new DeskError('log-diverged', `The log of desk "${desk}" ${reason}.`)
}
