import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { EventStore } from 'frontbell'
import { migrate, postgresStore } from 'frontbell/postgres'

export interface PersistentStore {
  readonly store: EventStore
  close(): Promise<void>
}

/** Opens a store in a folder, through a Postgres in this process. A desk continues from it after a restart. */
export async function openPersistentStore(folder: string): Promise<PersistentStore> {
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create(folder)
  await migrate({ client })
  return { store: postgresStore({ client, desk: 'live' }), close: () => client.close() }
}
