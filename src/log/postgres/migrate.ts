import { type InputIssue, InvalidInputError } from '../../core'
import { shown } from '../engine-options'
import { isInProcess, type PostgresClient, postgresClientIssue } from './postgres-client'
import { postgresSchema } from './postgres-schema'

export interface MigrateOptions {
  readonly client: PostgresClient
  /**
   * The Postgres schema to make or update, 1 to 63 of `a-z 0-9 _`, not beginning with a figure; `frontbell` when left
   * out.
   */
  readonly schema?: string
}

/** Any number, as long as nobody else in the database takes it for something else. */
const lockKey = 4_706_291_130_855_217

/**
 * Makes the tables and functions of the logs, or brings older ones up to date. Running it again changes nothing;
 * several nodes may run it at once. It is one transaction.
 */
export async function migrate({ client, schema = 'frontbell' }: MigrateOptions): Promise<void> {
  const issues = [postgresClientIssue(client), schemaIssue(schema)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  // Several statements sent as one text are one transaction, which undoes itself when one of them fails.
  const sql = `select pg_advisory_xact_lock(${lockKey});\n${postgresSchema(schema)}`
  if (isInProcess(client)) await client.exec(sql)
  else await client.query(sql)
}

/** What is wrong with the name of a Postgres schema; `null` when nothing is. */
export function schemaIssue(schema: unknown): InputIssue | null {
  if (typeof schema === 'string' && /^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return null
  return { path: ['schema'], expected: '1 to 63 of a-z, 0-9 and _, not a figure first', got: shown(schema) }
}
