import type { InputIssue } from '../../core'
import { shown } from '../engine-options'

/** A client, by shape: a `Pool` or `Client` of the package `pg`, or a PGlite. The host owns it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/** PGlite: Postgres in this process. */
export interface InProcessPostgres extends PostgresClient {
  exec(text: string): Promise<unknown>
  listen(channel: string, listener: (message: string) => void): Promise<() => Promise<unknown>>
}

/** One connection of `pg`, which can be told what other connections notify. */
export interface ListeningClient extends PostgresClient {
  on(event: 'notification', listener: (message: Notification) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  removeListener(event: 'notification', listener: (message: Notification) => void): unknown
  removeListener(event: 'error' | 'end', listener: () => void): unknown
}

export interface Notification {
  readonly channel: string
  readonly payload?: string | undefined
}

export interface PostgresPool extends PostgresClient {
  connect(): Promise<ListeningClient & { release(destroy: boolean): void }>
}

/** What is wrong with a value given for a client; `null` when nothing is. */
export function postgresClientIssue(client: unknown): InputIssue | null {
  return isPostgresClient(client)
    ? null
    : { path: ['client'], expected: 'a Pool or Client of pg, or a PGlite', got: shown(client) }
}

function isPostgresClient(value: unknown): value is PostgresClient {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function'
}

export function isInProcess(client: object): client is InProcessPostgres {
  return 'listen' in client && 'exec' in client
}

export function isPool(client: PostgresClient): client is PostgresPool {
  return 'totalCount' in client && 'connect' in client
}

export function isListening(client: PostgresClient): client is ListeningClient {
  return 'on' in client && 'removeListener' in client
}

/** The first row's fields; an empty row where there is none. */
export function firstRow(rows: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object(rows[0])
}
