import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { parseWorkflows } from '../../../src/routing'
import { workflowToTeam } from '../test-router'

describe('a malformed workflow', () => {
  it('[W20] reports beneath an unknown key and an empty group too, each problem once, with the nearest known name', () => {
    const conditions = {
      all: [{ any: [] }, { fact: 'topic', operator: 'equals', value: 'server' }, { condition: 'vpi' }],
    }
    const route = { steps: [{ to: { teams: 'servers', skils: {} }, afterMs: 5 }], whenExhaustd: 'holt', tone: '' }
    const workflow = { ...workflowToTeam('w', conditions), evnt: 1, event: { type: 'route', params: route } }
    const equal = { fact: 'a', operator: 'equal', value: 1 }
    const parse = () => parseWorkflows([workflow], { conditions: { vip: { all: [equal] } } })
    const error = thrownBy(parse)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as Error).message.split('\n')).toEqual([
      'workflows[0].event.params.steps[0].to.teams: expected one of staff, team, shift, skills, not, got an unknown key; did you mean "team"?',
      'workflows[0].event.params.steps[0].to.skils: expected one of staff, team, shift, skills, not, got an unknown key; did you mean "skills"?',
      'workflows[0].event.params.whenExhaustd: expected one of steps, whenExhausted, got an unknown key; did you mean "whenExhausted"?',
      'workflows[0].event.params.tone: expected one of steps, whenExhausted, got an unknown key',
      'workflows[0].evnt: expected one of name, priority, conditions, event, got an unknown key; did you mean "event"?',
      'workflows[0].conditions.all[0].any: expected a list of 1 to 1000, got an empty list',
      'workflows[0].conditions.all[1].operator: expected an operator of json-rules-engine or of the host, got "equals"; did you mean "equal"?',
      'workflows[0].conditions.all[2].condition: expected the name of a known condition (vip), got "vpi"; did you mean "vip"?',
      'workflows[0].event.params.steps[0].afterMs: expected 0 for the first step, got 5',
    ])
  })
})

function thrownBy(parse: () => unknown): unknown {
  try {
    return parse()
  } catch (error) {
    return error
  }
}
