import { isListening, isPool, type PostgresClient } from './postgres-client'

const turns = new WeakMap<PostgresClient, Promise<unknown>>()

/**
 * The rows of one statement. A single connection of `pg` takes one at a time: there, each waits for the one before
 * it.
 */
export async function query(client: PostgresClient, text: string, values: unknown[] = []): Promise<readonly unknown[]> {
  if (isPool(client) || !isListening(client)) return (await client.query(text, values)).rows
  const before = turns.get(client) ?? Promise.resolve()
  const answered = before.then(() => client.query(text, values))
  turns.set(
    client,
    answered.catch(() => {}),
  )
  return (await answered).rows
}
