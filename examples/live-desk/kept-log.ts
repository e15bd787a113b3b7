import { mkdirSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { EventLog } from 'frontbell'
import { migrate, postgresLog } from 'frontbell/postgres'

export interface KeptLog {
  readonly log: EventLog
  close(): Promise<void>
}

/** A log in a folder, by a Postgres that runs in this process: a desk on it goes on where it was after a stop. */
export async function keptLog(folder: string): Promise<KeptLog> {
  mkdirSync(folder, { recursive: true })
  const client = await PGlite.create(folder)
  await migrate({ client })
  return { log: postgresLog({ client, desk: 'live' }), close: () => client.close() }
}
