import { describe, expect, it } from 'vitest'
import { jsonSchemas, lintWorkflows, parseShifts, parseWorkflows } from '../../../src/routing'
import { equalCondition, workflowToTeam } from '../test-router'

const staff = [{ id: 'ana', teams: ['servers', 'billing'], shifts: ['day'] }]
const shifts = parseShifts([
  { id: 'day', timeZone: 'UTC', weekly: [{ days: ['mon', 'tue'], from: '09:00', to: '17:00' }] },
])

function findings(list: readonly object[]): string[] {
  const found = lintWorkflows({ workflows: parseWorkflows(list), staff, shifts })
  return found.map(({ code, workflow, message }) => `${code} ${workflow}: ${message}`)
}

describe('lint', () => {
  it('[W25] finds nothing in sound workflows', () => {
    expect(
      findings([
        workflowToTeam('servers', { all: [equalCondition('topic', 1)] }),
        workflowToTeam('billing', { all: [equalCondition('topic', 2)] }),
      ]),
    ).toEqual([])
  })

  it('[W25] finds contradictions, also behind in, ranges and every branch of any', () => {
    const age = (operator: string, value: unknown) => ({ fact: 'age', operator, value })
    const contradictory = [
      { all: [equalCondition('topic', 'a'), equalCondition('topic', 'b')] },
      { all: [equalCondition('topic', 'a'), { fact: 'topic', operator: 'in', value: ['b', 'c'] }] },
      { all: [equalCondition('topic', 'a'), { fact: 'topic', operator: 'notEqual', value: 'a' }] },
      { all: [age('greaterThan', 9), age('lessThan', 3)] },
      { all: [age('greaterThan', 5), age('lessThanInclusive', 5)] },
      { any: [{ fact: 'topic', operator: 'in', value: [] }, equalCondition('topic', ['list'])] },
    ]
    for (const conditions of contradictory) {
      expect(
        findings([workflowToTeam('servers', conditions)]).map((text) => text.split(' ')[0]),
        JSON.stringify(conditions),
      ).toContain('never-matches')
    }
    const possible = {
      all: [
        age('greaterThan', 3),
        age('lessThan', 9),
        { fact: 'topic', operator: 'in', value: ['a', 'b'] },
        equalCondition('topic', 'b'),
      ],
    }
    expect(findings([workflowToTeam('servers', possible)])).toEqual([])
    const exact = { all: [age('greaterThanInclusive', 5), age('lessThanInclusive', 5), age('notEqual', 5)] }
    expect(findings([workflowToTeam('servers', exact)])).toEqual([])
    expect(
      findings([workflowToTeam('servers', { any: [contradictory[0] ?? {}, equalCondition('topic', 'a')] })]),
    ).toEqual([])
  })

  it('[W25] finds what is shadowed, in the order of rank', () => {
    const wide = workflowToTeam('servers', { all: [equalCondition('topic', 'server')] })
    const narrow = workflowToTeam('billing', {
      all: [equalCondition('country', 'US'), equalCondition('topic', 'server')],
    })
    expect(findings([wide, narrow])).toContain('shadowed billing: "servers" matches first whenever this would')
    expect(findings([narrow, wide]).filter((text) => text.startsWith('shadowed'))).toEqual([])
    const older = (age: number) =>
      workflowToTeam(`servers`, { any: [{ fact: 'age', operator: 'greaterThan', value: age }] })
    const between = { all: [{ value: 9, operator: 'greaterThan', fact: 'age' }, equalCondition('topic', 'x')] }
    expect(findings([older(7), workflowToTeam('billing', between)])).toContain(
      'shadowed billing: "servers" matches first whenever this would',
    )
    expect(
      findings([older(10), workflowToTeam('billing', between)]).filter((text) => text.startsWith('shadowed')),
    ).toEqual([])
  })

  it('[W25] finds targets that no staff member matches, hours without staff, and facts that are read once', () => {
    const onDay = {
      name: 'day',
      conditions: { all: [equalCondition('topic', 1)] },
      event: { type: 'route', params: { to: { shift: 'day' } } },
    }
    expect(
      findings([
        workflowToTeam('nobody', { all: [equalCondition('topic', 1)] }),
        { ...onDay, conditions: { all: [equalCondition('topik', 2)] } },
      ]),
    ).toEqual([
      'empty-audience nobody: nobody is meant: {"team":"nobody"}',
      'nobody-on-shift day: nobody of it is on shift in 152 of 168 hours (UTC): mon 00-09, mon 17-24, tue 00-09, tue 17-24, wed 00-24, thu 00-24, fri 00-24, …',
      'fact-used-once nobody: only this workflow asks for the fact "topic": misspelt?',
      'fact-used-once day: only this workflow asks for the fact "topik": misspelt?',
    ])
  })

  it('[W25] finds hours without staff to the minute, in any time zone', () => {
    const weekly = (from: string, to: string) => [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from, to }]
    const halves = parseShifts([
      { id: 'early', timeZone: 'Asia/Kolkata', weekly: weekly('00:00', '15:00') },
      { id: 'late', timeZone: 'Asia/Kolkata', weekly: weekly('15:15', '24:00') },
    ])
    const event = { type: 'route', params: { to: { shift: ['early', 'late'] } } }
    const workflows = parseWorkflows([{ name: 'both', conditions: { all: [equalCondition('topic', 1)] }, event }])
    const both = [{ id: 'ana', shifts: ['early', 'late'] }]
    expect(lintWorkflows({ workflows, staff: both, shifts: halves }).map(({ message }) => message)).toEqual([
      'nobody of it is on shift in 1.75 of 168 hours (UTC): mon 09:30-09:45, tue 09:30-09:45, wed 09:30-09:45, ' +
        'thu 09:30-09:45, fri 09:30-09:45, sat 09:30-09:45, sun 09:30-09:45',
    ])
  })

  it('[W25] treats a host operator named like a built-in one, and a comparison of two facts, as unknown', () => {
    const operators = ['greaterThanAll', 'lessThanAll']
    const host = (operator: string, value: unknown) => ({ fact: 'age', operator, value })
    const both = { all: [host('greaterThanAll', 9), host('lessThanAll', 3), equalCondition('age', { fact: 'limit' })] }
    const lint = (list: readonly object[]) =>
      lintWorkflows({ workflows: parseWorkflows(list, { operators }), staff, shifts }).map(({ code }) => code)
    expect(lint([workflowToTeam('servers', both)])).toEqual([])
    const never = { all: [host('greaterThanAll', 'x'), { not: { any: [host('greaterThanAll', 'x')] } }] }
    expect(lint([workflowToTeam('servers', never)])).toEqual(['never-matches'])
  })

  it('[W25] compares a list of one number as that number, however often it is checked', () => {
    const tags = (operator: string, value: unknown) => ({ fact: 'tags', operator, value })
    const twice = { all: [tags('contains', 5), tags('contains', 5), tags('greaterThan', 3)] }
    expect(findings([workflowToTeam('servers', twice)])).toEqual([])
    const never = { all: [tags('contains', 5), tags('contains', 6), tags('greaterThan', 3)] }
    expect(findings([workflowToTeam('servers', never)])[0]).toContain('never-matches')
  })

  it('[W25] says which conditions clash, and leaves out the others', () => {
    const conditions = {
      all: [
        equalCondition('topic', 1),
        { all: [equalCondition('country', 'US')] },
        { not: { any: [{ ...equalCondition('country', 'US') }] } },
      ],
    }
    expect(findings([workflowToTeam('servers', conditions)])).toEqual([
      'never-matches servers: country is never at the same time equal "US" and not equal "US"',
    ])
  })

  it('[W25] checks a week of a recent winter, not of one with other time zone rules', () => {
    const weekly = [{ days: ['mon'], from: '09:00', to: '17:00' }]
    const london = parseShifts([{ id: 'day', timeZone: 'Europe/London', weekly }])
    const event = { type: 'route', params: { to: { shift: 'day' } } }
    const workflows = parseWorkflows([{ name: 'day', conditions: { all: [equalCondition('topic', 1)] }, event }])
    const [found] = lintWorkflows({ workflows, staff, shifts: london })
    expect(found?.message).toMatch(/: mon 00-09, mon 17-24, tue 00-24, /)
    const summer = lintWorkflows({ workflows, staff, shifts: london, weekFrom: Date.UTC(2026, 5, 1) })
    expect(summer[0]?.message).toMatch(/: mon 00-08, mon 16-24, tue 00-24, /)
  })

  it('[W26] gives JSON Schemas with the bounds and the keys of the parsers', () => {
    const { workflows, shifts: ofShifts, route } = jsonSchemas()
    const text = JSON.stringify(workflows)
    for (const part of [
      '"conditions"',
      '"afterMs"',
      '"whenExhausted"',
      '"longest-idle"',
      '{"required":["fact","operator","value"]}',
    ]) {
      expect(text).toContain(part)
    }
    expect(workflows).toMatchObject({ type: 'array', items: { additionalProperties: false } })
    expect(JSON.stringify(ofShifts)).toContain('"timeZone"')
    expect(JSON.stringify(route)).toContain('"anyOf"')
  })
})
