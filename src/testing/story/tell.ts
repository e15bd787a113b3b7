import type { Command, Edge } from '../../core'
import type { Turn } from '../playing/turn'

/** A few turns as lines a person can read: what was asked, what was answered, what happened, who heard it. */
export function tell(turns: readonly Turn[]): string {
  return turns.map(tellTurn).join('\n')
}

function tellTurn({ command, outcome, steps }: Turn): string {
  const answer = outcome.ok ? '' : ` -> refused: ${outcome.code}`
  const events = steps.map(({ event, edges }) =>
    [`    ${event.type} ${details(event)}`, ...edges.map(tellEdge)].join('\n'),
  )
  return [`${command.at} ${command.type} ${details(command)}${answer}`, ...events].join('\n')
}

function details(what: Command | Turn['steps'][number]['event']): string {
  const { type: _, at: __, ...rest } = what
  const text = JSON.stringify(rest)
  return text === '{}' ? '' : text.slice(1, -1)
}

function tellEdge(edge: Edge): string {
  if (edge.type === 'visitor') return `        visitor ${edge.visitorId} shown to ${edge.staffIds.join(', ')}`
  const reason = edge.type === 'stop' ? ` (${edge.reason}${edge.by === null ? '' : ` by ${edge.by}`})` : ''
  return `        ${edge.type} ${edge.requestId} ${edge.staffIds.join(', ')}${reason}`
}
