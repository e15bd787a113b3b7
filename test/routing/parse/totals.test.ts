import { describe, expect, it } from 'vitest'
import { parseShifts, parseWorkflows, routingLimits } from '../../../src/routing'
import { problemsOf } from '../problems'
import { createTestRouter, equalCondition, workflowToTeam } from '../test-router'

const named = (name: string, conditions: object) => workflowToTeam('servers', conditions, { name })
const all = (count: number, value: unknown = 1) => ({
  all: Array.from({ length: count }, (_, index) => equalCondition(`f${index}`, value)),
})

describe('workflows that are each within their limits', () => {
  it('[W41] are refused beyond 50 000 conditions in all, those behind names counted at each reference', () => {
    const list = Array.from({ length: 50 }, (_, index) => named(`w${index}`, all(999)))
    const rest = [named('rest', all(50))]
    expect(parseWorkflows([...list, ...rest])).toHaveLength(51)
    const tooMany = 'workflows: expected at most 50000 conditions in all workflows, got more'
    expect(() => parseWorkflows([...list, ...rest, named('more', all(1))])).toThrow(tooMany)
    const conditions = { many: all(800) }
    const references = (count: number) =>
      Array.from({ length: count }, (_, index) => named(`w${index}`, { all: [{ condition: 'many' }] }))
    expect(parseWorkflows(references(62), { conditions } as never)).toHaveLength(62)
    expect(() => parseWorkflows(references(63), { conditions } as never)).toThrow(tooMany)
  })

  it('[W43] are taken back from a store whatever they exceed together, and refused as a new list', () => {
    const accepted = Array.from({ length: 51 }, (_, index) => named(`w${index}`, all(999)))
    const { router } = createTestRouter([])
    for (const workflow of accepted) router.setWorkflow(workflow)
    const { router: restored } = createTestRouter([])
    expect(() => restored.setWorkflows(accepted)).toThrow('at most 50000 conditions')
    restored.restoreWorkflows(JSON.parse(JSON.stringify(router.workflows)))
    expect(restored.workflows).toEqual(router.workflows)
  })

  it('[W41] are refused beyond 4 MiB in all, as soon as those before are as large', () => {
    const large = Array.from({ length: 300 }, (_, index) => named(`w${index}`, all(1, 'ö'.repeat(8_192))))
    expect(parseWorkflows(large.slice(0, 250))).toHaveLength(250)
    const problems = problemsOf(() => parseWorkflows([...large, { name: 'malformed' }]))
    expect(problems).toEqual(['workflows: expected at most 4194304 bytes of JSON in all workflows, got more'])
  })
})

describe('shifts that are each within their limits', () => {
  it('[W41] are refused beyond 10 000 weekly hours and days with exceptions in all', () => {
    const hours = { days: ['mon'], from: '09:00', to: '10:00' }
    const date = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)
    const shift = (id: string, weekly: number, exceptions: number) => ({
      id,
      timeZone: 'UTC',
      weekly: Array.from({ length: weekly }, () => hours),
      exceptions: Array.from({ length: exceptions }, (_, index) => ({ date: date(index), closed: true })),
    })
    const list = Array.from({ length: 9 }, (_, index) => shift(`s${index}`, 100, 1_000))
    expect(parseShifts([...list, shift('rest', 100, 0)])).toHaveLength(10)
    expect(problemsOf(() => parseShifts([...list, shift('rest', 100, 1), shift('bad', -1, 0)]))).toEqual([tooManyRows])
    const year = { from: '2026-01-01', to: '2026-12-31', closed: true }
    const years = Array.from({ length: 28 }, (_, index) => ({
      id: `y${index}`,
      timeZone: 'UTC',
      weekly: [],
      exceptions: [year],
    }))
    expect(parseShifts(years.slice(1))).toHaveLength(27)
    expect(problemsOf(() => parseShifts(years))).toEqual([tooManyRows])
  })
})

const tooManyRows = `shifts: expected at most ${routingLimits.shiftRowsMax} weekly hours and days with exceptions in all shifts, got more`
