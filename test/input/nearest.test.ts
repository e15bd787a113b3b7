import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/input'
import { findUnknownTargets } from '../../src/routing'

describe('nearest', () => {
  it.each([
    ['equals', ['equal', 'notEqual', 'in'], 'equal'],
    ['whenExhuasted', ['to', 'steps', 'whenExhausted'], 'whenExhausted'],
    ['Servers', ['billing', 'servers'], 'servers'],
    ['colour', ['name', 'priority'], undefined],
    ['us', ['uk', 'eu'], undefined],
    ['x'.repeat(100), ['x'.repeat(99)], undefined],
    ['anything', [], undefined],
  ])('of %j among %j is %j', (given, known, expected) => {
    expect(nearest(given, known)).toBe(expected)
  })

  it('is suggested for unknown shifts, teams and staff', () => {
    const known = { staff: [{ id: 'anna', teams: ['servers'] }], shifts: [{ id: 'night' }] }
    const warnings = [{ shift: 'nigth' }, { team: 'server' }, { staff: 'ana' }].flatMap((to) =>
      findUnknownTargets({ to }, known).map(({ message }) => message),
    )
    expect(warnings).toEqual([
      'no shift is called "nigth"; did you mean "night"?',
      'nobody is meant: {"shift":"nigth"}',
      'nobody is meant: {"team":"server"}; did you mean "servers"?',
      'nobody is meant: {"staff":"ana"}; did you mean "anna"?',
    ])
  })
})
