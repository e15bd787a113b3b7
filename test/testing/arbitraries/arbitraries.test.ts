import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { openDesk } from '../../../src/desk'
import { type Condition, parseShifts, parseWorkflows, type Workflow } from '../../../src/routing'
import { anyFacts, anyRoster, anyShifts, anyWorkflow, anyWorkflows } from '../../../src/testing'
import { isCampaign, seed } from '../../campaign'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const samples = isCampaign ? 2_000 : 300

function leavesOf(condition: Condition): string[] {
  if ('all' in condition) return ['all', ...condition.all.flatMap(leavesOf)]
  if ('any' in condition) return ['any', ...condition.any.flatMap(leavesOf)]
  if ('not' in condition) return ['not', ...leavesOf(condition.not)]
  return 'fact' in condition ? [condition.operator, condition.fact] : []
}

function depthOf(condition: Condition): number {
  if ('all' in condition) return 1 + Math.max(...condition.all.map(depthOf))
  if ('any' in condition) return 1 + Math.max(...condition.any.map(depthOf))
  return 'not' in condition ? 1 + depthOf(condition.not) : 0
}

describe('the arbitraries of workflows', () => {
  console.log(`arbitraries: FRONTBELL_SEED=${seed}`)

  it('[TK9] make workflows that the parser takes as they are', () => {
    const property = fc.property(anyWorkflow(), (workflow) => {
      expect(parseWorkflows([workflow])).toEqual([workflow])
    })
    fc.assert(property, { seed, numRuns: samples })
  })

  it('[TK9] use every operator, decorators, each kind of group, nested, and every kind of event', () => {
    const made: Workflow[] = fc.sample(anyWorkflow(), { seed, numRuns: samples })
    const words = new Set(made.flatMap(({ conditions }) => leavesOf(conditions)))
    const operators = ['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain'].concat(
      ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'],
      ['not:equal', 'someFact:equal', 'everyFact:in', 'someValue:equal', 'everyValue:notEqual', 'swap:contains'],
    )
    const facts = ['topic', 'country', 'vip', 'request', 'visitor', 'clock', 'available', 'waiting', 'lastStaff']
    expect([...words]).toEqual(expect.arrayContaining([...operators, ...facts, 'all', 'any', 'not']))
    expect(Math.max(...made.map(({ conditions }) => depthOf(conditions)))).toBeGreaterThanOrEqual(3)
    expect(new Set(made.map(({ event }) => event.type))).toEqual(new Set(['route', 'prioritize', 'tag']))
    const stepped = made.filter(
      ({ event }) => event.type === 'route' && 'steps' in event.params && event.params.steps.length > 1,
    )
    expect(stepped.length).toBeGreaterThan(samples / 20)
  })

  it('[TK9] match the facts they are made for, now and then', async () => {
    const rules = fc.record({ staff: anyRoster(), shifts: anyShifts(), workflows: anyWorkflows(), facts: anyFacts() })
    let matched = 0
    const property = fc.asyncProperty(rules, async ({ facts, ...options }) => {
      expect(parseShifts(options.shifts)).toEqual(options.shifts)
      const desk = await openDesk(options)
      const { workflow } = await desk.previewRoute({ facts })
      if (workflow !== null) matched += 1
      await desk.close()
    })
    const runs = isCampaign ? 300 : 30
    await fc.assert(property, { seed, numRuns: runs })
    expect(matched).toBeGreaterThan(runs / 10)
  })
})
