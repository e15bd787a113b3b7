import type { SchemaName } from '../../../src/desk/parse/json-schemas'

type Examples = Readonly<Record<Exclude<SchemaName, 'rules'>, readonly unknown[]>>

export const equal = { fact: 'topic', operator: 'equal', value: 'server' }
const workflow = { name: 'w', conditions: { all: [equal] }, event: { type: 'route', params: { to: { team: 't' } } } }
export const hours = { days: ['mon', 'sun'], from: '22:00', to: '06:00' }
const shift = { id: 'us', timeZone: 'America/New_York', weekly: [hours] }
export const ana = { id: 'ana', name: 'Ana', teams: ['t'], skills: { linux: 3 }, shifts: ['us'], capacity: 3 }

/** Taken by the parsers. */
export const validExamples: Examples = {
  workflows: [
    [],
    [workflow],
    [{ ...workflow, priority: 5, conditions: { not: { any: [equal, { not: equal }] } } }],
    [{ ...workflow, event: { type: 'prioritize', params: { priority: -3 } } }],
    [{ ...workflow, event: { type: 'tag', params: { tags: ['vip'] } } }],
  ],
  conditions: [{}, { vip: { all: [equal] } }],
  route: [
    { to: 'everyone', ring: { order: 'random', concurrentOffers: 2, offerTimeoutMs: 5_000 }, tone: 'gong' },
    {
      steps: [{ to: { not: { staff: ['a', 'b'] } } }, { to: 'everyone', afterMs: 5, mode: 'replace' }],
      whenExhausted: 'hold',
    },
  ],
  shifts: [
    [],
    [shift],
    [
      {
        ...shift,
        exceptions: [
          { date: '2026-12-25', closed: true },
          { date: '2026-12-31', hours: [] },
          { date: '--01-01', closed: true },
          { from: '2026-07-01', to: '2026-07-14', closed: true },
          { from: '--12-27', to: '--01-02', hours: [{ from: '09:00', to: '12:00' }] },
        ],
      },
    ],
  ],
  staff: [[], [ana], [{ id: 'bo' }]],
  policy: [{}, { remindAfterMs: null, missedOffersMax: 2, awayAfterMissedOffers: true }],
  target: ['everyone', { team: 't', not: { staff: ['a'] } }],
  commands: [
    { type: 'requestChat', visitorId: 'v', facts: { topic: 'server' }, weight: 2 },
    { type: 'transfer', requestId: 'r', by: 'ana', to: { team: 't' } },
    { type: 'transfer', requestId: 'r', by: 'ana', to: { steps: [{ to: 'everyone' }] }, commandId: 'c' },
    { type: 'setWorkflows', workflows: [workflow], reroute: true },
    { type: 'setWorkflow', workflow },
    { type: 'setShifts', shifts: [shift] },
    { type: 'setShifts', shifts: [shift], ifRevision: 3, by: 'sue' },
    { type: 'setStaff', staff: ana },
    { type: 'setRoster', staff: [ana, { id: 'bo' }] },
    { type: 'setPolicy', policy: { wrapUpMs: 5 } },
  ],
  desk: [
    {},
    { staff: [ana], shifts: [shift], workflows: [workflow], policy: { wrapUpMs: 0 }, metrics: { windowMs: 60_000 } },
    { initial: { staff: [ana], workflows: [workflow], policy: { wrapUpMs: 0 } } },
    {
      routing: {
        facts: { limit: 3 },
        conditions: { vip: { all: [equal] } },
        defaultRoute: { to: 'everyone' },
        factTimeoutMs: 9,
      },
    },
  ],
}

/** Refused by the parsers, for something that a schema can tell. */
export const invalidExamples: Examples = {
  workflows: [
    {},
    [{ ...workflow, name: '' }],
    [{ ...workflow, colour: 'red' }],
    [{ ...workflow, priority: 1.5 }],
    [{ ...workflow, conditions: equal }],
    [{ ...workflow, conditions: { all: [] } }],
    [{ ...workflow, conditions: { all: [equal], any: [equal] } }],
    [{ ...workflow, conditions: { all: [{ fact: 'topic', operator: 'equal' }] } }],
    [{ ...workflow, event: { type: 'ring', params: {} } }],
    [{ ...workflow, event: { type: 'tag', params: { tags: [] } } }],
  ],
  conditions: [[], { vip: { all: [] } }],
  route: [
    {},
    { to: {} },
    { to: 'nobody' },
    { to: { skills: {} } },
    { steps: [] },
    { steps: [{ to: 'everyone', afterMs: -5 }] },
  ],
  shifts: [
    [{ ...shift, weekly: [{ ...hours, from: '24:00' }] }],
    [{ ...shift, weekly: [{ ...hours, days: [] }] }],
    [{ id: 'us' }],
  ],
  staff: [
    {},
    [{}],
    [{ ...ana, capacity: -1 }],
    [{ ...ana, skills: { linux: 101 } }],
    [{ ...ana, teams: [''] }],
    [{ ...ana, age: 3 }],
  ],
  policy: [[], { missedOffersMax: 0 }, { wrapUpMs: 1e12 }, { offerTimeoutMs: null }, { unknown: 1 }],
  target: [{}, 'nobody', { teams: 't' }],
  commands: [
    {},
    { type: 'tick' },
    { type: 'accept', requestId: 'r' },
    { type: 'accept', requestId: '', staffId: 'ana' },
    { type: 'transfer', requestId: 'r', by: 'ana', to: {} },
    { type: 'setWorkflows', workflows: [{}] },
    { type: 'setWorkflow', workflow: {} },
    { type: 'setStaff', staff: {} },
    { type: 'setRoster', staff: [{}] },
    { type: 'setPolicy', policy: { wrapUpMs: -1 } },
    { type: 'removeWorkflow', name: 'w', ifRevision: -1 },
  ],
  desk: [
    [],
    { team: [] },
    { staff: [{}] },
    { policy: { missedOffersMax: 0 } },
    { routing: { defaultRoute: {} } },
    { metrics: { windowMs: 1 } },
  ],
}
