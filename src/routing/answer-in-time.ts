interface Asked {
  readonly name: string
  readonly withinMs: number
}

/**
 * Asks for a fact: what it says, or a rejection that names it when it throws, rejects or is late. An answer that comes
 * after that is heard by nobody. No timer is set for an answer that is there at once.
 */
export async function answerInTime(ask: () => unknown, { name, withinMs }: Asked): Promise<unknown> {
  try {
    const answer = ask()
    return isThenable(answer) ? await Promise.race([answer, late(answer, withinMs)]) : answer
  } catch (cause) {
    throw cause === tooLate
      ? new Error(`fact "${name}" gave no answer within ${withinMs} ms`)
      : new Error(`fact "${name}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

const tooLate = Symbol('too late')

function late(answer: PromiseLike<unknown>, withinMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    // Where the process was busy all that time, an answer may be there and unread: it gets one more turn.
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(tooLate), 1)
    }, withinMs)
    const stop = () => clearTimeout(timer)
    answer.then(stop, stop)
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
