import { DeskError, errorMessageOf } from '../core'

/** A call of a backend, as an error's text names it. */
export interface BackendCall {
  readonly backend: 'Redis' | 'Postgres'
  readonly desk: string
  readonly operation: string
  readonly timeoutMs: number
}

/**
 * Returns the backend's answer. Late means unknown, never "not done": after a late append the caller looks for its own
 * command ids.
 * @throws DeskError `store-failed` when the backend fails or is late.
 */
export async function withTimeout<Answer>(call: BackendCall, execute: () => Promise<Answer>): Promise<Answer> {
  const { backend, desk, operation, timeoutMs } = call
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = `no answer within ${timeoutMs} ms, so it may or may not have been done`
    timer = setTimeout(() => reject(new Error(reason)), timeoutMs)
  })
  try {
    return await Promise.race([execute(), late])
  } catch (cause) {
    if (cause instanceof DeskError) throw cause
    const reason = errorMessageOf(cause)
    throw new DeskError('store-failed', `${backend} failed to ${operation} for desk "${desk}": ${reason}`, cause)
  } finally {
    clearTimeout(timer)
  }
}
