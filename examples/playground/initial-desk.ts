/** The staff and workflows with which the page opens. */
export const initialStaff = [
  { id: 'ana', name: 'Ana', teams: ['servers'], skills: { linux: 3 }, capacity: 2 },
  { id: 'bo', name: 'Bo', teams: ['servers'], skills: { linux: 1 }, capacity: 2 },
  { id: 'cy', name: 'Cy', teams: ['billing'], capacity: 3 },
  { id: 'di', name: 'Di', teams: ['billing', 'sales'], capacity: 3 },
]

export const initialWorkflows = [
  {
    name: 'Server questions: the server team, after a minute everyone',
    conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
    event: { type: 'route', params: { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 60_000 }] } },
  },
  {
    name: 'Bills: one at a time, longest idle first',
    conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'billing' }] },
    event: {
      type: 'route',
      params: { to: { team: 'billing' }, ring: { concurrentOffers: 1, order: 'longest-idle', offerTimeoutMs: 20_000 } },
    },
  },
  {
    name: 'Gold customers first',
    conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] },
    event: { type: 'prioritize', params: { priority: 10 } },
  },
]
