import { DeskError, errorMessageOf, type InputIssue } from '../../core'
import { formatValue, withTimeout } from '../store-options'

/** A client, by shape: a `Pool` or `Client` of the package `pg`, or a PGlite. The host owns it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** PGlite: Postgres in this process. */
export interface PgliteClient extends PostgresClient {
  exec(text: string): Promise<unknown>
  listen(channel: string, listener: (message: string) => void): Promise<() => Promise<unknown>>
}

/** One connection of `pg`, which receives the notifications of other connections. */
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

/** Returns what is wrong with a value given for a client; `null` when nothing is. */
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

/** Returns the first row's fields; an empty record where there is no row. */
export function fieldsOfFirstRow(rows: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object(rows[0])
}

const pendingQueries = new WeakMap<PostgresClient, Promise<unknown>>()

/** Returns the rows of one statement. On a single connection of `pg` each statement waits for the one before it. */
export async function query(client: PostgresClient, text: string, values: unknown[] = []): Promise<readonly unknown[]> {
  if (isPostgresPool(client) || !isPostgresConnection(client)) return (await client.query(text, values)).rows
  const previous = pendingQueries.get(client) ?? Promise.resolve()
  const result = previous.then(() => client.query(text, values))
  pendingQueries.set(
    client,
    result.catch(() => {}),
  )
  return (await result).rows
}

/** A host's client with a time limit on every answer. */
export interface PostgresBackend {
  readonly client: PostgresClient
  readonly desk: string
  readonly timeoutMs: number
  readonly schema: string
}

/** A statement in which `frontbell.` stands for the schema, and what it does, for error texts. */
export interface Statement {
  readonly operation: string
  readonly text: string
}

const missingSchemaErrorCodes = new Set(['3F000', '42883', '42P01', '42703'])
/** Two transactions conflicted and one was rolled back as a whole: executing it again is safe. */
const retryableErrorCodes = new Set(['40001', '40P01', '23505'])
const attemptsMax = 5

/** Executes a statement and returns its rows. */
export async function runStatement(
  backend: PostgresBackend,
  { operation, text }: Statement,
  values: unknown[],
): Promise<readonly unknown[]> {
  const sql = text.replaceAll('frontbell.', `${backend.schema}.`)
  return await withTimeout({ ...backend, backend: 'Postgres', operation }, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await query(backend.client, sql, values)
      } catch (failure) {
        const code = String(Object(failure).code)
        if (missingSchemaErrorCodes.has(code)) throw missingSchemaError(backend.schema, failure)
        if (!retryableErrorCodes.has(code) || attempt === attemptsMax) throw failure
      }
    }
  })
}

function missingSchemaError(schema: string, cause: unknown): DeskError {
  const reason = errorMessageOf(cause)
  const finding = `Tables or functions of frontbell are missing in the Postgres schema "${schema}" (${reason})`
  const advice = 'Run migrate({ client }) once, or the SQL that postgresSchema() returns.'
  return new DeskError('store-failed', `${finding}. ${advice}`, cause)
}
