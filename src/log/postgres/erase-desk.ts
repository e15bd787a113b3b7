import { engineOptions } from '../engine-options'
import { schemaIssue } from './migrate'
import { type PostgresClient, postgresClientIssue } from './postgres-client'
import { ask } from './postgres-engine'
import { erase } from './postgres-statements'

export interface ErasePostgresDesk {
  readonly client: PostgresClient
  readonly desk: string
  readonly schema?: string
  readonly timeoutMs?: number
}

/**
 * Removes all of a desk: log, snapshot and its name in the list. A node that still holds the erased entries cannot
 * bring them back: its log is of an older generation and answers everything with a DeskError `closed`.
 * @throws InvalidInputError for options that are none, all at once.
 */
export async function eraseDesk({ schema = 'frontbell', ...input }: ErasePostgresDesk): Promise<void> {
  const { desk, timeoutMs } = engineOptions(input, [postgresClientIssue(input.client), schemaIssue(schema)])
  await ask({ client: input.client, desk, timeoutMs, schema }, erase, [desk])
}
