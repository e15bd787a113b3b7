/**
 * Stands in for vitest in the bundled tests: vitest's `expect`, and its spies without timers and modules, with
 * `describe` and `it` of mocha.
 */
import { readFileSync } from 'node:fs'
import { chai, type ExpectStatic, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import { fn, restoreAllMocks, spyOn } from '@vitest/spy'

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)
chai.use(({ Assertion }, utils) => {
  utils.addMethod(Assertion.prototype, 'toMatchFileSnapshot', function (this: { _obj: unknown }, path: string) {
    new Assertion(this._obj).to.equal(readFileSync(path, 'utf8'))
  })
})

type Check = (...row: readonly unknown[]) => unknown
type Options = { readonly timeout?: number } | number
type Hook = (hook: () => unknown) => void

interface Mocha {
  readonly describe: (name: string, tests: () => void) => void
  readonly it: (name: string, check: () => unknown) => void
  readonly before: Hook
  readonly beforeEach: Hook
  readonly after: Hook
  readonly afterEach: Hook
}

const mocha = globalThis as unknown as Mocha

export const { beforeEach, after: afterAll, afterEach } = mocha

export const describe = Object.assign((name: string, tests: () => void) => mocha.describe(name, tests), {
  each(table: readonly unknown[]) {
    return (name: string, tests: (...row: readonly unknown[]) => void): void => {
      table.forEach((row, index) => {
        mocha.describe(`${name} #${index}`, () => tests(...(Array.isArray(row) ? row : [row])))
      })
    }
  },
})

/**
 * Runs within the first test, so that its coverage counts for a test: a mutant without coverage needs a new process.
 */
export function beforeAll(hook: () => unknown): void {
  let isDone = false
  mocha.before(() => {
    isDone = false
  })
  mocha.beforeEach(() => {
    if (isDone) return undefined
    isDone = true
    return hook()
  })
}

const { any, anything, arrayContaining, objectContaining, stringContaining, stringMatching } =
  chai.expect as unknown as ExpectStatic

export const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), {
  any,
  anything,
  arrayContaining,
  objectContaining,
  stringContaining,
  stringMatching,
  unreachable(message = 'unreachable'): never {
    throw new Error(message)
  },
})

/** Types are checked by the compiler. */
export const expectTypeOf = () => new Proxy({}, { get: () => () => undefined })

export const vi = {
  fn,
  spyOn,
  restoreAllMocks,
  setConfig() {},
  useRealTimers() {},
  /** Calls the check until it throws no more. Its limit is five times the test's: mutants are slow. */
  async waitFor<Value>(check: () => Value | Promise<Value>, { timeout = 1_000, interval = 50 } = {}): Promise<Value> {
    const endsAt = performance.now() + 5 * timeout
    for (;;) {
      try {
        return await check()
      } catch (error) {
        if (performance.now() > endsAt) throw error
        await new Promise((resolve) => setTimeout(resolve, interval))
      }
    }
  },
}

let rows = 0

export const it = Object.assign(test, {
  each(table: readonly unknown[]) {
    return (name: string, first: Check | Options, second?: Check): void => {
      for (const row of table) {
        rows += 1
        test(`${name} #${rows}`, () => checkOf(first, second)(...(Array.isArray(row) ? row : [row])))
      }
    }
  },
  skipIf(isSkipped: unknown) {
    return isSkipped ? () => undefined : test
  },
})

function test(name: string, first: Check | Options, second?: Check): void {
  const check = checkOf(first, second)
  mocha.it(name, () => endWithin(check()))
}

/** A mutant may leave a test waiting for what never comes. Stryker would give it the time of all its tests. */
const waitingMsMax = 20_000

async function endWithin(result: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still waiting after ${waitingMsMax} ms`)), waitingMsMax)
  })
  await Promise.race([result, late]).finally(() => clearTimeout(timer))
}

function checkOf(first: Check | Options, second?: Check): Check {
  return typeof first === 'function' ? first : (second as Check)
}
