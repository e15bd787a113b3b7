/** @throws Error that says what was expected when the two are not the same JSON. */
export function same(actual: unknown, expected: unknown, what = 'value'): void {
  const [came, awaited] = [ordered(actual), ordered(expected)]
  if (came !== awaited) throw new Error(`${what}: expected ${awaited}, got ${came}`)
}

/** @throws Error with this text unless the condition holds. */
export function holdsTrue(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise)
}

/** @throws Error unless the promise is rejected with an error of this code. */
export async function rejected(promise: Promise<unknown>, code: string): Promise<void> {
  let failure: unknown
  try {
    await promise
  } catch (thrown) {
    failure = thrown
  }
  if (failure === undefined) throw new Error(`expected a rejection with code "${code}", and it was resolved`)
  same(Object(failure).code, code, `code of the rejection (${String(failure)})`)
}

/** Waits until the condition holds. @throws Error when it does not within the time. */
export async function eventually(condition: () => boolean, what: string, forMs = 5_000): Promise<void> {
  const until = Date.now() + forMs
  while (!condition()) {
    if (Date.now() > until) throw new Error(`${what}: not within ${forMs} ms`)
    await pause(5)
  }
}

export function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs))
}

/** JSON with keys in order, so that two texts are equal exactly when the values are. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
