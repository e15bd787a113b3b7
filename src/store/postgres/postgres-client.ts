import type { InputIssue } from '../../core'
import { DeskError } from '../../core'
import { formatValue } from '../store-options'
import { withTimeout } from '../with-timeout'

/** A client, by shape: a `Pool` or `Client` of the package `pg`, or a PGlite. The host owns it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** PGlite: Postgres in this process. */
export interface PgliteClient extends PostgresClient {
  exec(text: string): Promise<unknown>
  listen(channel: string, listener: (message: string) => void): Promise<() => Promise<unknown>>
}

/** One connection of `pg`, which can be told what other connections notify. */
export interface PostgresConnection extends PostgresClient {
  on(event: 'notification', listener: (message: PostgresNotification) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  removeListener(event: 'notification', listener: (message: PostgresNotification) => void): unknown
  removeListener(event: 'error' | 'end', listener: () => void): unknown
}

export interface PostgresNotification {
  readonly channel: string
  readonly payload?: string | undefined
}

export interface PostgresPool extends PostgresClient {
  connect(): Promise<PostgresConnection & { release(destroy: boolean): void }>
}

/** What is wrong with a value given for a client; `null` when nothing is. */
export function postgresClientIssue(client: unknown): InputIssue | null {
  return isPostgresClient(client)
    ? null
    : { path: ['client'], expected: 'a Pool or Client of pg, or a PGlite', got: formatValue(client) }
}

function isPostgresClient(value: unknown): value is PostgresClient {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function'
}

export function isPglite(client: object): client is PgliteClient {
  return 'listen' in client && 'exec' in client
}

export function isPostgresPool(client: PostgresClient): client is PostgresPool {
  return 'totalCount' in client && 'connect' in client
}

export function isPostgresConnection(client: PostgresClient): client is PostgresConnection {
  return 'on' in client && 'removeListener' in client
}

/** The first row's fields; an empty row where there is none. */
export function fieldsOfFirstRow(rows: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object(rows[0])
}

const pendingQueries = new WeakMap<PostgresClient, Promise<unknown>>()

/**
 * The rows of one statement. A single connection of `pg` takes one at a time: there, each waits for the one before
 * it.
 */
export async function query(client: PostgresClient, text: string, values: unknown[] = []): Promise<readonly unknown[]> {
  if (isPostgresPool(client) || !isPostgresConnection(client)) return (await client.query(text, values)).rows
  const before = pendingQueries.get(client) ?? Promise.resolve()
  const answered = before.then(() => client.query(text, values))
  pendingQueries.set(
    client,
    answered.catch(() => {}),
  )
  return (await answered).rows
}

/** A host's client with a time limit on every answer. */
export interface PostgresBackend {
  readonly client: PostgresClient
  readonly desk: string
  readonly timeoutMs: number
  readonly schema: string
}

/** A statement in which `frontbell.` stands for the schema, and what it is asked for. */
export interface Statement {
  readonly operation: string
  readonly text: string
}

const missingSchemaErrorCodes = new Set(['3F000', '42883', '42P01', '42703'])
/** Two transactions were in each other's way and one was undone as a whole: asking again is safe. */
const retryableErrorCodes = new Set(['40001', '40P01', '23505'])
const attemptsMax = 5

/** The rows that a statement answers. */
export async function runStatement(
  engine: PostgresBackend,
  { operation, text }: Statement,
  values: unknown[],
): Promise<readonly unknown[]> {
  const own = text.replaceAll('frontbell.', `${engine.schema}.`)
  return await withTimeout({ engine: 'Postgres', doing: operation, ...engine }, async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await query(engine.client, own, values)
      } catch (failure) {
        const code = String(Object(failure).code)
        if (missingSchemaErrorCodes.has(code)) throw missingSchemaError(engine.schema, failure)
        if (!retryableErrorCodes.has(code) || tries === attemptsMax) throw failure
      }
    }
  })
}

function missingSchemaError(schema: string, cause: unknown): DeskError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const told = `Tables or functions of frontbell are missing in the Postgres schema "${schema}" (${reason})`
  return new DeskError(
    'store-failed',
    `${told}. Run migrate({ client }) once, or the SQL that postgresSchema() gives.`,
    cause,
  )
}
