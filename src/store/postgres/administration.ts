import { type InputIssue, InvalidInputError } from '../../core'
import { formatValue, parseStoreOptions } from '../store-options'
import { fieldsOfFirstRow, isPglite, type PostgresClient, postgresClientIssue, runStatement } from './postgres-client'
import { postgresSchema } from './postgres-schema'
import { eraseDeskStatement, listDesksStatement } from './postgres-statements'

export interface MigrateOptions {
  readonly client: PostgresClient
  /** The schema to create or update, 1 to 63 of `a-z 0-9 _`, no digit first; `frontbell` when left out. */
  readonly schema?: string
}

/** An arbitrary number that no other application of the database may use as an advisory lock. */
const migrationLockKey = 4_706_291_130_855_217

/**
 * Creates the tables and functions of the stores, or brings older ones up to date. Running it again changes nothing;
 * several nodes may run it at once. It is one transaction.
 */
export async function migrate({ client, schema = 'frontbell' }: MigrateOptions): Promise<void> {
  const issues = [postgresClientIssue(client), schemaIssue(schema)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  // Several statements sent as one text are one transaction, which is rolled back when one of them fails.
  const sql = `select pg_advisory_xact_lock(${migrationLockKey});\n${postgresSchema(schema)}`
  if (isPglite(client)) await client.exec(sql)
  else await client.query(sql)
}

/** Returns what is wrong with the name of a Postgres schema; `null` when nothing is. */
export function schemaIssue(schema: unknown): InputIssue | null {
  if (typeof schema === 'string' && /^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return null
  return { path: ['schema'], expected: '1 to 63 of a-z, 0-9 and _, no digit first', got: formatValue(schema) }
}

export interface ErasePostgresDesk {
  readonly client: PostgresClient
  readonly desk: string
  readonly schema?: string
  readonly timeoutMs?: number
}

/**
 * Removes all of a desk: entries, snapshot and its name in the list. A node that still holds the erased entries cannot
 * bring them back: its store is of an older generation and answers everything with a DeskError `closed`.
 * @throws InvalidInputError for invalid options, all at once.
 */
export async function eraseDesk({ schema = 'frontbell', ...input }: ErasePostgresDesk): Promise<void> {
  const { desk, timeoutMs } = parseStoreOptions(input, [postgresClientIssue(input.client), schemaIssue(schema)])
  await runStatement({ client: input.client, desk, timeoutMs, schema }, eraseDeskStatement, [desk])
}

/**
 * Returns the names of all desks that were opened here and not erased, in alphabetical order: those to open after a
 * restart.
 */
export async function listDesks(options: {
  readonly client: PostgresClient
  readonly schema?: string
}): Promise<string[]> {
  const { client, schema = 'frontbell' } = options
  const issues = [postgresClientIssue(client), schemaIssue(schema)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  const rows = await runStatement({ client, schema, desk: '*', timeoutMs: 5_000 }, listDesksStatement, [])
  return rows.map((row) => String(fieldsOfFirstRow([row]).desk))
}
