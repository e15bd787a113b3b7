/** What a simulation sets otherwise. */
export interface NodeOptions {
  /** Entries held at least, to put back what the engine loses. */
  readonly heldEntries: number
  /** Entries between two snapshots at least. */
  readonly snapshotEntries: number
  /** Whether lost entries are put back. */
  readonly heals: boolean
}

export const nodeOptions: NodeOptions = { heldEntries: 2_000, snapshotEntries: 10_000, heals: true }
