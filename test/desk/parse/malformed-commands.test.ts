import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src'
import { openStaffedDesk } from '../test-desk'

const id = 'text of 1 to 256 characters'
const long = 'x'.repeat(257)
const json = (text: string): unknown => JSON.parse(text)
const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

const workflows = (params: unknown) => ({
  type: 'setWorkflows',
  workflows: [
    {
      name: 'Server',
      conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
      event: { type: 'route', params },
    },
  ],
})

const steps = (...later: readonly object[]) =>
  workflows({ steps: [{ to: { team: 'servers' } }, ...later.map((step) => ({ to: 'everyone', ...step }))] })

/** What is given to `execute`, and the error's lines. */
const commands: readonly (readonly [unknown, string])[] = [
  [undefined, 'input: expected a command, got nothing'],
  [null, 'input: expected a command, got null'],
  ['accept', 'input: expected a command, got "accept"'],
  [[], 'input: expected a command, got an empty list'],
  [new Map(), 'input: expected a command, got an object of class Map'],
  [{}, 'type: expected one of requestChat'],
  [{ type: 'answer' }, 'got "answer"'],
  [{ type: 'tick', at: 5 }, 'got "tick"'],
  [{ type: 'toString' }, 'got "toString"'],
  [{ type: '__proto__' }, 'got "__proto__"'],
  [{ type: 7 }, 'type: expected one of'],
  [{ type: 'accept', requestId: 'r1' }, `staffId: expected ${id}, got nothing`],
  [{ type: 'accept', requestId: '', staffId: 'ana' }, `requestId: expected ${id}, got ""`],
  [{ type: 'accept', requestId: long, staffId: 'ana' }, `requestId: expected ${id}, got text of 257 characters`],
  [{ type: 'accept', requestId: 7, staffId: 'ana' }, `requestId: expected ${id}, got 7`],
  [{ type: 'accept', requestId: ['r1'], staffId: 'ana' }, `requestId: expected ${id}, got a list of 1`],
  [{ type: 'accept', requestId: { toString: () => 'r1' }, staffId: 'ana' }, `requestId: expected ${id}, got an object`],
  [{ type: 'accept', requestId: new String('r1'), staffId: 'ana' }, 'got an object of class String'],
  [
    { type: 'accept', requestId: 'r1', staffId: 'ana', at: 5 },
    'at: expected one of type, requestId, staffId, commandId, got an unknown key',
  ],
  [{ type: 'accept', requestId: 'r1', staffId: 'ana', by: 'eve' }, 'by: expected one of'],
  [json('{"type":"accept","requestId":"r1","staffId":"ana","__proto__":{}}'), '__proto__: expected one of'],
  [{ type: 'accept', requestId: 'r1', staffId: 'ana', commandId: '' }, `commandId: expected ${id}, got ""`],
  [{ type: 'accept', requestId: 'r1', staffId: 'ana', commandId: 7n }, `commandId: expected ${id}, got a bigint`],
  [{ type: 'accept' }, `requestId: expected ${id}, got nothing\nstaffId: expected ${id}, got nothing`],
  [
    { type: 'snooze', requestId: 'r1', staffId: 'ana' },
    'forMs: expected a whole number of milliseconds, 1 or more, got nothing',
  ],
  [
    { type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 0 },
    'forMs: expected a whole number of milliseconds, 1 or more, got 0',
  ],
  [{ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: -5 }, 'got -5'],
  [{ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 1.5 }, 'got 1.5'],
  [{ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: '60000' }, 'got "60000"'],
  [{ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: Number.NaN }, 'got NaN'],
  [{ type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: Number.POSITIVE_INFINITY }, 'got Infinity'],
  [
    { type: 'snooze', requestId: 'r1', staffId: 'ana', forMs: 1e15 },
    'forMs: expected at most 366 days of milliseconds',
  ],
  [
    { type: 'decline', requestId: 'r1', staffId: 'ana', reason: 5 },
    'reason: expected text of at most 1024 characters, got 5',
  ],
  [{ type: 'decline', requestId: 'r1', staffId: 'ana', reason: 'x'.repeat(1_025) }, 'got text of 1025 characters'],
  [{ type: 'cancel', requestId: 'r1', reason: null }, 'reason: expected text of at most 1024 characters, got null'],
  [{ type: 'release', requestId: 'r1' }, `by: expected ${id}, got nothing`],
  [{ type: 'release', requestId: 'r1', by: 'ana', exclude: 'yes' }, 'exclude: expected true or false, got "yes"'],
  [{ type: 'assign', requestId: 'r1', staffId: 'ana' }, `by: expected ${id}, got nothing`],
  [{ type: 'transfer', requestId: 'r1', by: 'ana' }, 'to: expected'],
  [
    { type: 'setAvailability', staffId: 'ana', availability: 'busy' },
    'availability: expected "available" or "away", got "busy"',
  ],
  [
    { type: 'setAvailability', staffId: 'ana', availability: true },
    'availability: expected "available" or "away", got true',
  ],
  [{ type: 'connect', staffId: 'ana' }, `sessionId: expected ${id}, got nothing`],
  [{ type: 'heartbeat', staffId: 'ana', sessionId: 0 }, `sessionId: expected ${id}, got 0`],
  [{ type: 'requestChat' }, `visitorId: expected ${id}, got nothing`],
  [{ type: 'requestChat', visitorId: 'v1', weight: 0 }, 'weight: expected a whole number, 1 to 10000, got 0'],
  [{ type: 'requestChat', visitorId: 'v1', weight: 1.5 }, 'weight: expected a whole number, 1 to 10000, got 1.5'],
  [{ type: 'requestChat', visitorId: 'v1', weight: '2' }, 'weight: expected a whole number, 1 to 10000, got "2"'],
  [{ type: 'requestChat', visitorId: 'v1', facts: [] }, 'facts: expected an object of JSON values, got an empty list'],
  [{ type: 'requestChat', visitorId: 'v1', facts: null }, 'facts: expected an object of JSON values, got null'],
  [{ type: 'requestChat', visitorId: 'v1', facts: { a: undefined } }, 'facts.a: expected a JSON value, got undefined'],
  [
    { type: 'requestChat', visitorId: 'v1', facts: { 'a b': Number.NaN } },
    'facts["a b"]: expected a finite number, got NaN',
  ],
  [
    { type: 'requestChat', visitorId: 'v1', facts: { list: [1, [new Date(0)]] } },
    'facts.list[1][0]: expected a JSON value, got an object of class Date',
  ],
  [
    { type: 'requestChat', visitorId: 'v1', facts: cyclic },
    'facts.self: expected a JSON value, got an object that contains itself',
  ],
  [
    { type: 'requestChat', visitorId: 'v1', facts: { text: 'x'.repeat(16_385) } },
    'facts: expected at most 16384 bytes of JSON, got more than 16384',
  ],
  [
    { type: 'requestChat', visitorId: 'v1', facts: { text: 'é'.repeat(8_190) } },
    'facts: expected at most 16384 bytes of JSON, got 16391',
  ],
  [
    json('{"type":"requestChat","visitorId":"v1","facts":{"a":{"__proto__":1}}}'),
    'facts.a.__proto__: expected another key',
  ],
  [{ type: 'visitorArrived', facts: {} }, `visitorId: expected ${id}, got nothing`],
  [
    { type: 'visitorArrived', visitorId: 'v1', facts: { at: Symbol('now') } },
    'facts.at: expected a JSON value, got a symbol',
  ],
  [{ type: 'setStaff' }, 'staff: expected an object with id, got nothing'],
  [{ type: 'setStaff', staff: {} }, `staff.id: expected ${id}, got nothing`],
  [
    { type: 'setStaff', staff: { id: 'ana', team: 'servers' } },
    'staff.team: expected one of id, name, teams, skills, shifts, capacity, got an unknown key',
  ],
  [
    { type: 'setStaff', staff: { id: 'ana', teams: 'servers' } },
    'staff.teams: expected a list of at most 1000, got "servers"',
  ],
  [{ type: 'setStaff', staff: { id: 'ana', teams: ['servers', ''] } }, `staff.teams[1]: expected ${id}, got ""`],
  [
    { type: 'setStaff', staff: { id: 'ana', skills: ['linux'] } },
    'staff.skills: expected an object of skill levels, got a list of 1',
  ],
  [
    { type: 'setStaff', staff: { id: 'ana', skills: { linux: 101 } } },
    'staff.skills.linux: expected a whole number, 0 to 100, got 101',
  ],
  [
    { type: 'setStaff', staff: json('{"id":"ana","skills":{"__proto__":3}}') },
    'staff.skills.__proto__: expected another key',
  ],
  [
    { type: 'setStaff', staff: { id: 'ana', capacity: -1 } },
    'staff.capacity: expected a whole number, 0 to 10000, got -1',
  ],
  [
    { type: 'setStaff', staff: { id: 'ana', capacity: '3' } },
    'staff.capacity: expected a whole number, 0 to 10000, got "3"',
  ],
  [
    { type: 'setPolicy', policy: { sessionLeaseMs: 0 } },
    'policy.sessionLeaseMs: expected a whole number of milliseconds, 1 or more, got 0',
  ],
  [
    { type: 'setPolicy', policy: { wrapUpMs: -1 } },
    'policy.wrapUpMs: expected a whole number of milliseconds, 0 or more, got -1',
  ],
  [{ type: 'setPolicy', policy: { wrapupMs: 1 } }, 'policy.wrapupMs: expected one of offerTimeoutMs'],
  [
    { type: 'setPolicy', policy: { awayAfterMissedOffers: 1 } },
    'policy.awayAfterMissedOffers: expected true or false, got 1',
  ],
  [
    { type: 'setPolicy', policy: { missedOffersMax: 0 } },
    'policy.missedOffersMax: expected a whole number, 1 to 10000000, got 0',
  ],
  [{ type: 'setPolicy', policy: null }, 'policy: expected an object, got null'],
  [{ type: 'setWorkflows', workflows: [], reroute: 'all' }, 'reroute: expected true or false, got "all"'],
  [{ type: 'setShifts' }, 'shifts: expected a list of at most 1000 shifts, got nothing'],
  [{ type: 'setWorkflows' }, 'workflows: expected'],
  [{ type: 'setWorkflow' }, 'workflow: expected'],
  [{ type: 'setWorkflow', workflow: null }, 'workflow: expected'],
  [{ type: 'setWorkflow', workflow: {}, reroute: 1 }, 'reroute: expected true or false, got 1'],
  [{ type: 'transfer', requestId: 'r1', by: 'ana', to: null }, 'to: expected'],
  [{ type: 'setRoster', staff: {} }, 'staff: expected a list of at most 1000000 staff members, got an object'],
  [{ type: 'setWorkflows', workflows: 'all' }, 'workflows: expected a list of at most 10000 workflows, got "all"'],
  [workflows({ to: {} }), 'workflows[0].event.params.to'],
  [workflows({ to: { team: 'servers' }, mode: 'replace' }), 'workflows[0].event.params'],
  [workflows({ steps: [] }), 'workflows[0].event.params.steps'],
  [workflows({ steps: Array.from({ length: 33 }, () => ({ to: 'everyone' })) }), 'workflows[0].event.params.steps'],
  [
    steps({ afterMs: -5 }),
    'workflows[0].event.params.steps[1].afterMs: expected a whole number of milliseconds, 0 or more, got -5',
  ],
  [steps({ afterMs: 0.5 }), 'workflows[0].event.params.steps[1].afterMs'],
  [
    steps({ afterMs: 9 }, { afterMs: 8 }),
    'workflows[0].event.params.steps[2].afterMs: expected at least the 9 of the step before, got 8',
  ],
  [steps({ ring: { order: 'fastest' } }), 'workflows[0].event.params.steps[1].ring'],
  [steps({ ring: { order: 'listed', offerTimeoutMs: 0 } }), 'workflows[0].event.params.steps[1].ring'],
  [{ type: 'transfer', requestId: 'r1', by: 'ana', to: {} }, 'to: expected'],
  [{ type: 'transfer', requestId: 'r1', by: 'ana', to: 'bo' }, 'to: expected'],
  [{ type: 'transfer', requestId: 'r1', by: 'ana', to: { steps: [] } }, 'to.steps'],
  [{ type: 'transfer', requestId: 'r1', by: 'ana', to: { to: { team: '' } } }, 'to.to.team'],
  [{ type: 'setShifts', shifts: {} }, 'shifts: expected a list'],
  [{ type: 'setShifts', shifts: [{ id: 'us', weekly: [] }] }, 'shifts[0].timeZone'],
  [{ type: 'setShifts', shifts: [{ id: 'us', timeZone: 'Mars/Olympus', weekly: [] }] }, 'shifts[0].timeZone'],
]

const rows = commands.map(([input, line]) => ({ input, line }))

describe('a malformed command', () => {
  it.each(rows)('[D40] is refused with path, what was expected and what came: $line', async ({ input, line }) => {
    const { desk, edges } = await openStaffedDesk(['ana'])
    await desk.requestChat({ requestId: 'waiting', visitorId: 'v0' })
    const before = JSON.stringify(desk.snapshot())
    const edgesBefore = edges.length
    const error: unknown = await desk.execute(input as never).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as Error).message).toContain(line)
    expect(JSON.stringify(desk.snapshot())).toBe(before)
    expect(edges).toHaveLength(edgesBefore)
  })

  it('[D41] tells all that is wrong with it at once', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const chat = { type: 'requestChat', requestId: '', visitorId: 5, facts: { a: undefined }, weight: -1, extra: 1 }
    const error = await desk.execute(chat as never).catch((thrown: unknown) => thrown)
    const paths = (error as InvalidInputError).issues.map(({ path }) => path.join('.'))
    expect(paths.sort()).toEqual(['extra', 'facts.a', 'requestId', 'visitorId', 'weight'])
  })

  it('[D40] through a method cannot speak for another than its arguments say', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await desk.accept('r1', 'ana', { staffId: 'bo' } as never)
    expect(desk.request('r1')?.assignment?.staffId).toBe('ana')
  })
})
