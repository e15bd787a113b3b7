import { describe, expect, it } from 'vitest'
import { InvalidInputError, openDesk } from '../../../src'

/** What is given to `openDesk`, and the error's lines. */
const options: readonly (readonly [unknown, string])[] = [
  [null, 'input: expected options, got null'],
  ['desk', 'input: expected options, got "desk"'],
  [{ stuff: [] }, 'stuff: expected one of staff, shifts'],
  [{ staff: {} }, 'staff: expected a list of at most 1000000 staff members, got an object'],
  [{ staff: [{ id: 'ana' }, { id: 'ana' }] }, 'staff[1].id: expected an id that no other staff member has, got "ana"'],
  [{ staff: [{ id: 'ana' }, { name: 'Bo' }] }, 'staff[1].id: expected text of 1 to 256 characters, got nothing'],
  [{ staff: [{ id: 'ana' }, null] }, 'staff[1]: expected an object with id, got null'],
  [
    { policy: { offerTimeoutMs: 0 } },
    'policy.offerTimeoutMs: expected a whole number of milliseconds, 1 or more, got 0',
  ],
  [{ policy: [] }, 'policy: expected an object, got an empty list'],
  [{ clock: {} }, 'clock: expected a clock with a method now, got an object'],
  [{ clock: Date }, 'clock: expected a clock with a method now, got a function'],
  [{ clock: { now() {} } }, 'clock: expected a clock with a method wakeAt, got an object'],
  [{ clock: 'now' }, 'clock: expected a clock with a method now, got "now"'],
  [{ store: null }, 'store: expected a store with a method append, got null'],
  [{ store: { append() {}, read() {} } }, 'store: expected a store with a method head, got an object'],
  [{ store: { append() {}, read() {}, head() {} } }, 'store: expected a store with a method close, got an object'],
  [{ initial: [] }, 'initial: expected an object, got an empty list'],
  [{ initial: { policy: { wrapUpMs: -1 } } }, 'initial.policy.wrapUpMs: expected a whole number of milliseconds'],
  [{ initial: { shifts: [{ id: '' }] } }, 'initial.shifts[0].id: expected text'],
  [{ initial: { staff: [{}] } }, 'initial.staff[0].id: expected text'],
  [{ metrics: { windowMs: 59 } }, 'metrics.windowMs: expected a whole number of milliseconds, 60 or more, got 59'],
  [{ routing: { facts: [] } }, 'routing.facts: expected an object, got an empty list'],
  [{ routing: { decorators: { exactly: null } } }, 'routing.decorators.exactly: expected a function, got null'],
  [{ routing: { conditions: { gold: {} } } }, 'routing.conditions.gold'],
  [{ store: { append() {} } }, 'store: expected a store with a method read, got an object'],
  [{ newId: 'uuid' }, 'newId: expected a function, got "uuid"'],
  [
    { routing: { factTimeoutMs: 0 } },
    'routing.factTimeoutMs: expected a whole number of milliseconds, 1 or more, got 0',
  ],
  [
    { routing: { fact: {} } },
    'routing.fact: expected one of facts, operators, decorators, conditions, defaultRoute, factTimeoutMs',
  ],
  [{ routing: [] }, 'routing: expected an object, got an empty list'],
  [{ shifts: [{ id: '' }], workflows: [{}] }, 'shifts[0].id'],
  [{ workflows: [{ name: 'x' }] }, 'workflows[0].conditions'],
  [{ routing: { defaultRoute: { to: {} } } }, 'routing.defaultRoute.to'],
  [{ routing: { operators: { longerThan: 5 } } }, 'routing.operators.longerThan: expected a function, got 5'],
  [{ snapshot: {} }, 'snapshot.schema: expected 1, the schema of this release, got nothing'],
  [{ snapshot: { schema: 2 } }, 'snapshot.schema: expected 1, the schema of this release, got 2'],
  [{ snapshot: { schema: 1, v: -1 } }, 'snapshot.v: expected a version, got -1'],
  [{ snapshot: { schema: 1, v: 1, h: 7 } }, 'snapshot.h: expected a hash, got 7'],
  [
    { snapshot: { schema: 1, v: 1, h: '', t: 0, state: [] } },
    'snapshot.state: expected the state of a desk, got an empty list',
  ],
]

const rows = options.map(([input, line]) => ({ input, line }))

describe('malformed options', () => {
  it.each(rows)('[D42] open no desk: $line', async ({ input, line }) => {
    const error: unknown = await openDesk(input as never).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as Error).message).toContain(line)
  })

  it('[D42] tell of a malformed condition once, and of no workflow that uses it', async () => {
    const workflow = (condition: string) => ({
      name: condition,
      conditions: { all: [{ condition }] },
      event: { type: 'route', params: { to: 'everyone' } },
    })
    const gold = { all: [{ fact: 'plan', operator: 'same', value: 'gold' }] }
    const issuesOf = (options: object) =>
      openDesk(options).then(
        () => [],
        (error: InvalidInputError) => error.issues.map(({ path }) => path.join('.')),
      )
    const given = { routing: { conditions: { gold } }, workflows: [workflow('gold')] }
    expect(await issuesOf(given)).toEqual(['routing.conditions.gold.all.0.operator'])
    expect(await issuesOf({ ...given, routing: { operators: { same: () => true }, conditions: { gold } } })).toEqual([])
    expect(await issuesOf({ workflows: [workflow('gold')] })).toEqual(['workflows.0.conditions.all.0.condition'])
  })

  it('[D42] are read once, and none that is undefined changes the desk', async () => {
    let reads = 0
    const options = {
      get staff() {
        reads += 1
        return [{ id: 'ana' }]
      },
      initial: { policy: undefined },
      shifts: undefined,
    }
    const desk = await openDesk(options as never)
    expect([reads, desk.roster()]).toEqual([1, [{ id: 'ana' }]])
  })

  it('[D42] tell all that is wrong with them at once', async () => {
    const given = { staff: [{}], policy: { offerTimeoutMs: 0 }, snapshot: { v: -1, state: {} }, extra: true }
    const error: unknown = await openDesk(given as never).catch((thrown: unknown) => thrown)
    const paths = (error as InvalidInputError).issues.map(({ path }) => path.join('.'))
    const snapshot = ['h', 'schema', 'state.answers', 'state.desk', 't', 'v'].map((part) => `snapshot.${part}`)
    expect(paths.sort()).toEqual(['extra', 'policy.offerTimeoutMs', ...snapshot, 'staff.0.id'])
  })
})
