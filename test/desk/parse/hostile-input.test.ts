import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Desk } from '../../../src'
import { InvalidInputError } from '../../../src/core'
import { isCampaign } from '../../campaign'
import { nearValidChat, nearValidValue } from '../../routing/parse/near-valid-values'
import { sampleSeeded } from '../../routing/seeded-samples'
import { openTestDesk } from '../test-desk'

const sound = {
  name: 'sound',
  conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
  event: { type: 'route', params: { to: 'everyone' } },
}
const policy = { requestsPerMinuteMax: 1_000_000 }
const campaigns = [
  ['setWorkflows', fc.oneof(nearValidValue, fc.array(nearValidValue, { maxLength: 3 }))],
  ['requestChat', nearValidChat],
] as const

describe('a desk', () => {
  for (const [command, values] of campaigns) {
    it(`[W27] refuses hostile ${command} without a change, or takes it: 50 000 random values`, {
      timeout: 600_000,
    }, async () => {
      const { desk, errors } = await openTestDesk({ workflows: [sound], policy })
      const tally = { refused: 0, taken: 0 }
      for (const [index, value] of sampleSeeded(`hostile ${command}`, values, 50_000).entries()) {
        const before = stateOf(desk, index)
        let isTaken = false
        const call = async () => {
          isTaken = await takes(desk, command, value)
        }
        await call()
        tally[isTaken ? 'taken' : 'refused'] += 1
        if (!isTaken) expect(stateOf(desk, index)).toEqual(before)
        for (const { requestId } of isTaken ? desk.awaiting() : []) await desk.cancel(requestId)
      }
      console.info(JSON.stringify(tally))
      expect(errors).toEqual([])
      expect(tally.refused).toBeGreaterThan(isCampaign ? 20_000 : 100)
    })
  }
})

describe('a method that takes an object', () => {
  it('[D40] executes its own command, whatever type the object names', async () => {
    const { desk } = await openTestDesk()
    const hostile = { type: 'setPolicy', policy: { capacity: 1 }, visitorId: 'v1' } as never
    await expect(desk.requestChat(hostile)).rejects.toThrow(/policy/)
    await expect(desk.visitorArrived(hostile)).rejects.toThrow(/policy/)
    expect(await desk.requestChat({ type: 'cancel', requestId: 'r1', visitorId: 'v1' } as never)).toMatchObject({
      ok: true,
    })
    expect(desk.request('r1')?.phase).toBe('waiting')
  })
})

/** The version always; all of the state now and then, as that takes long. A refusal may be kept for its command id. */
function stateOf(desk: Desk, index: number): unknown {
  if (index % 100 > 0) return desk.version
  const { state, ...rest } = desk.snapshot()
  return JSON.stringify([rest, state.desk])
}

/** Whether it was done; throws when it is refused in any other way than those that commands know. */
async function takes(desk: Desk, command: 'setWorkflows' | 'requestChat', value: unknown): Promise<boolean> {
  try {
    const method = desk[command] as unknown as (this: Desk, value: unknown) => Promise<{ readonly ok: boolean }>
    return (await method.call(desk, value)).ok
  } catch (error) {
    if (error instanceof InvalidInputError && error.issues.length > 0) return false
    throw error
  }
}
