import { DeskError } from '../../core'
import { answerInTime } from '../answer-in-time'
import type { PostgresClient } from './postgres-client'
import { query } from './query'

/** A host's client with a time limit on every answer. */
export interface PostgresEngine {
  readonly client: PostgresClient
  readonly desk: string
  readonly timeoutMs: number
  readonly schema: string
}

/** A statement in which `frontbell.` stands for the schema, and what it is asked for. */
export interface Statement {
  readonly doing: string
  readonly text: string
}

const schemaIsMissing = new Set(['3F000', '42883', '42P01', '42703'])
/** Two transactions were in each other's way and one was undone as a whole: asking again is safe. */
const mayBeAskedAgain = new Set(['40001', '40P01', '23505'])
const triesMax = 5

/** The rows that a statement answers. */
export async function ask(
  engine: PostgresEngine,
  { doing, text }: Statement,
  values: unknown[],
): Promise<readonly unknown[]> {
  const own = text.replaceAll('frontbell.', `${engine.schema}.`)
  return await answerInTime({ engine: 'Postgres', doing, ...engine }, async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await query(engine.client, own, values)
      } catch (failure) {
        const code = String(Object(failure).code)
        if (schemaIsMissing.has(code)) throw missing(engine.schema, failure)
        if (!mayBeAskedAgain.has(code) || tries === triesMax) throw failure
      }
    }
  })
}

function missing(schema: string, cause: unknown): DeskError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const told = `Tables or functions of frontbell are missing in the Postgres schema "${schema}" (${reason})`
  return new DeskError(
    'log-failed',
    `${told}. Run migrate({ client }) once, or the SQL that postgresSchema() gives.`,
    cause,
  )
}
