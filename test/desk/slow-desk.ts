import type { Desk, DeskOptions } from '../../src'
import { openStaffedDesk, type TestDesk } from './test-desk'

/** A host's fact that answers when the test says so, in any order. */
class SlowFact {
  readonly #waiting: ((value: string) => void)[] = []
  /** How often it was asked for. */
  asked = 0

  readonly value = (): Promise<string> => {
    this.asked += 1
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  get pending(): number {
    return this.#waiting.length
  }

  answer(index = 0): void {
    this.#waiting.splice(index, 1)[0]?.('gold')
  }
}

export const goldTo = (staffId: string) => ({
  name: 'Gold',
  conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] },
  event: { type: 'route', params: { to: { staff: staffId } } },
})

export const policy = { sessionLeaseMs: null }

export async function openSlowDesk(options: DeskOptions = {}): Promise<TestDesk & { readonly fact: SlowFact }> {
  const fact = new SlowFact()
  const routing = { facts: { plan: fact.value }, factTimeoutMs: 60_000 }
  const opened = await openStaffedDesk(['ana', 'bo'], { workflows: [goldTo('ana')], routing, policy, ...options })
  return { ...opened, fact }
}

/** Lets everything happen that needs no answer of a fact. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Answers the fact until the desk is idle. */
export async function finish(desk: Desk, fact: SlowFact): Promise<void> {
  let isIdle = false
  void desk.idle().then(() => {
    isIdle = true
  })
  while (!isIdle) {
    fact.answer()
    await settle()
  }
}
