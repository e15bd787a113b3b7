import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { commandSchemas } from '../../../src/desk/parse/parse-command'
import { parsePlainCommand } from '../../../src/desk/parse/plain-command'

vi.setConfig({ testTimeout: 120_000 })

const types = ['accept', 'mute', 'unmute', 'end', 'replied', 'heartbeat', 'requestChat', 'snooze'] as const
const anyId = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'x'.repeat(256)) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('', 'x'.repeat(257), 7, null, undefined, ['a']) },
)
const anyFacts = fc.constantFrom<unknown>({}, { topic: 'server', list: [1, null] }, { a: undefined }, [], null)
const anyCommand = fc.tuple(
  fc.constantFrom(...types),
  fc.record({ requestId: anyId, staffId: anyId, sessionId: anyId, visitorId: anyId }),
  fc.record({ facts: anyFacts, commandId: anyId, weight: fc.constant(2), at: fc.constant(5) }, { requiredKeys: [] }),
  fc.nat(9),
)

/** Which ids each type needs; now and then one is too many. */
const idsOf: Readonly<Record<string, readonly string[]>> = {
  end: ['requestId'],
  replied: ['requestId'],
  heartbeat: ['staffId', 'sessionId'],
  requestChat: ['requestId', 'visitorId'],
}

describe('a plain command', () => {
  it('[D40] is parsed as its schema parses it, or left to the schema', () => {
    let parsed = 0
    fc.assert(
      fc.property(anyCommand, ([type, ids, others, extra]) => {
        const needed = idsOf[type] ?? ['requestId', 'staffId']
        const chosen = Object.entries(ids).filter(([key], index) => needed.includes(key) || extra === index)
        const rare = Object.entries(others).filter(([key]) => key === 'facts' || key === 'commandId' || extra > 6)
        const input = { type, ...Object.fromEntries([...chosen, ...(extra % 2 === 0 ? rare : [])]) }
        const found = parsePlainCommand(input)
        if (found === undefined) return
        parsed += 1
        const result = commandSchemas[type].safeParse(input)
        expect({ ...found }).toEqual(result.data)
      }),
      { numRuns: 2_000 },
    )
    expect(parsed).toBeGreaterThan(300)
  })
})
