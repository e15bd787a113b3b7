import type { Desk } from '../../src'

/** Returns a workflow that sends the requests of a condition to Ana. */
export function workflowToAna(name: string, condition: object) {
  return { name, conditions: { all: [condition] }, event: { type: 'route', params: { to: { staff: 'ana' } } } }
}

export const toAna = workflowToAna('To Ana', { fact: 'topic', operator: 'equal', value: 'server' })

/** What a desk explains, but for the time that the routing took. */
export function explained(desk: Desk, requestId: string) {
  const { trace = null, ...rest } = desk.explain(requestId) ?? {}
  return { ...rest, trace: trace && { ...trace, cost: { ...trace.cost, microseconds: null } } }
}
