import { DeskError } from '../core'

/** What is being asked of an engine, for the error's text. */
export interface BackendCall {
  readonly engine: 'Redis' | 'Postgres'
  readonly desk: string
  readonly doing: string
  readonly timeoutMs: number
}

/**
 * An engine's answer, or a DeskError `store-failed` when it fails or is late. Late means unknown, never "not done":
 * whoever appended looks for its own command ids afterwards.
 */
export async function withTimeout<Answer>(question: BackendCall, asked: () => Promise<Answer>): Promise<Answer> {
  const { engine, desk, doing, timeoutMs } = question
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = `no answer within ${timeoutMs} ms, so it may or may not have been done`
    timer = setTimeout(() => reject(new Error(reason)), timeoutMs)
  })
  try {
    return await Promise.race([asked(), late])
  } catch (cause) {
    if (cause instanceof DeskError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DeskError('store-failed', `${engine} failed to ${doing} for desk "${desk}": ${reason}`, cause)
  } finally {
    clearTimeout(timer)
  }
}
