/** What a simulation sets otherwise. */
export interface NodeOptions {
  /** Entries held at least, to put back what the engine loses. */
  readonly heldEntries: number
  /** Entries between two snapshots at least. */
  readonly snapshotEntries: number
  /** How many commands that wait become one entry at most. */
  readonly commandsMax: number
  /** Whether lost entries are put back. */
  readonly heals: boolean
}

export const nodeOptions: NodeOptions = { heldEntries: 2_000, snapshotEntries: 10_000, commandsMax: 64, heals: true }
