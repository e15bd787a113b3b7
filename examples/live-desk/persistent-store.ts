import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { EventStore } from 'frontbell'
import { migrate, postgresStore } from 'frontbell/postgres'

export interface PersistentStore {
  readonly store: EventStore
  close(): Promise<void>
}

/** A log in a folder, by a Postgres that runs in this process: a desk on it goes on where it was after a stop. */
export async function openPersistentStore(folder: string): Promise<PersistentStore> {
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create(folder)
  await migrate({ client })
  return { store: postgresStore({ client, desk: 'live' }), close: () => client.close() }
}
