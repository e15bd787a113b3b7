import { InvalidInputError } from '../../core'
import { schemaIssue } from './migrate'
import { firstRow, type PostgresClient, postgresClientIssue } from './postgres-client'
import { ask } from './postgres-engine'
import { list } from './postgres-statements'

/**
 * Names of all desks that were ever opened here and not erased, in alphabetical order: whom to open after a restart.
 */
export async function listDesks(options: {
  readonly client: PostgresClient
  readonly schema?: string
}): Promise<string[]> {
  const { client, schema = 'frontbell' } = options
  const issues = [postgresClientIssue(client), schemaIssue(schema)].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  const rows = await ask({ client, schema, desk: '*', timeoutMs: 5_000 }, list, [])
  return rows.map((row) => String(firstRow([row]).desk))
}
