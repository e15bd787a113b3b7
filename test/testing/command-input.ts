import type { CommandInput } from '../../src/desk'
import type { CommandTemplate } from '../../src/testing'

/** Returns a generated command as a host gives it to `desk.execute`; `null` for a command of the desk's own. */
export function toCommandInput(template: CommandTemplate, requestId: (name: string) => string): CommandInput | null {
  const named = 'requestId' in template ? { ...template, requestId: requestId(template.requestId) } : template
  switch (named.type) {
    case 'tick':
      return null
    case 'requestChat': {
      const { type, visitorId, facts, weight } = named
      return { type, requestId: named.requestId, visitorId, facts, ...(weight === null ? {} : { weight }) }
    }
    case 'cancel':
      return { type: named.type, requestId: named.requestId }
    case 'decline':
      return { type: named.type, requestId: named.requestId, staffId: named.staffId }
    case 'transfer':
      return { type: named.type, requestId: named.requestId, by: named.by, to: 'everyone' }
    case 'reroute':
      return { type: named.type, requestId: named.requestId }
    case 'updateFacts':
      return { type: named.type, requestId: named.requestId, facts: named.facts, reroute: named.routingResult !== null }
    case 'setWorkflows':
      return { type: named.type, workflows: [] }
    case 'setWorkflow':
      return { type: named.type, workflow: unmatchedWorkflow(named.workflow.name) }
    case 'setShifts':
      return { type: named.type, shifts: named.shifts }
    case 'configure':
    case 'resume':
      return null
    default:
      return named
  }
}

function unmatchedWorkflow(name: string) {
  const conditions = { all: [{ fact: 'topic', operator: 'equal', value: 'none' }] }
  return { name, conditions, event: { type: 'tag', params: { tags: ['none'] } } }
}
