import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { factsBytesMax, parseFacts } from '../../../src/desk/parse/parse-facts'

vi.setConfig({ testTimeout: 120_000 })

describe('facts from outside', () => {
  it('[D1] are copied all the way down', () => {
    const input = { topic: 'server', page: { path: ['shop', 1, null, true] } }
    const facts = parseFacts(input)
    expect(facts).toEqual(input)
    expect(facts.page).not.toBe(input.page)
  })

  it('[D1] are frozen all the way down, so that views can show them without copying', () => {
    const facts = parseFacts({ page: { path: ['shop', { deep: true }] } }) as { page: { path: object[] } }
    for (const part of [facts, facts.page, facts.page.path, facts.page.path[1]])
      expect(Object.isFrozen(part)).toBe(true)
  })

  it('keep every JSON value as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (facts) => {
        const plain = JSON.parse(JSON.stringify(facts))
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(plain)))
        expect(parseFacts(plain)).toEqual(plain)
      }),
    )
  })

  it.each([
    ['ASCII', 'x'],
    ['two bytes', 'é'],
    ['three bytes', '語'],
    ['escapes', '\n'],
    ['six bytes', '\u0001'],
  ])('[D2] may be 16384 bytes of JSON and no more: %s', (_, letter) => {
    const bytesEach = new TextEncoder().encode(JSON.stringify(letter)).length - 2
    const room = factsBytesMax - '{"a":"","b":""}'.length
    const count = Math.floor(room / bytesEach)
    const rest = 'x'.repeat(room - count * bytesEach)
    expect(parseFacts({ a: letter.repeat(count), b: rest })).toBeDefined()
    expect(() => parseFacts({ a: letter.repeat(count), b: `${rest}x` })).toThrow(/at most 16384 bytes of JSON/)
  })

  it('[D2] are refused when many small parts are too much together', () => {
    expect(() => parseFacts({ list: Array.from({ length: 9_000 }, () => 1) })).toThrow(/at most 16384 bytes of JSON/)
    expect(() => parseFacts({ list: Array.from({ length: 9_000 }, () => true) })).toThrow(/at most 16384 bytes of JSON/)
  })

  it('[D2] are refused at once when shared parts would unfold without end', () => {
    let shared: object = {}
    for (let level = 0; level < 30; level += 1) shared = { a: shared, b: shared }
    // A copy of all 2^30 parts would end by the time limit of this test.
    expect(() => parseFacts({ shared })).toThrow(InvalidInputError)
  })

  it('[D2] tell all problems at once', () => {
    const problems = () => parseFacts({ a: Number.NaN, b: [1, undefined], c: { d: () => 1 } })
    expect(problems).toThrow('facts.a: expected a finite number, got NaN')
    expect(problems).toThrow('facts.b[1]: expected a JSON value, got undefined')
    expect(problems).toThrow('facts.c.d: expected a JSON value, got a function')
  })

  it('[D3] are refused with a key that reaches a prototype, and no prototype changes', () => {
    const poisoned = JSON.parse('{"a": {"__proto__": {"polluted": true}}}')
    expect(() => parseFacts(poisoned)).toThrow('facts.a.__proto__: expected another key, got "__proto__"')
    expect(() => parseFacts({ a: [{ constructor: 1 }] })).toThrow('facts.a[0].constructor')
    expect(() => parseFacts({ prototype: 1 })).toThrow('facts.prototype')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('[D2] that contain themselves are refused', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = { again: cycle }
    expect(() => parseFacts(cycle)).toThrow(
      'facts.self.again: expected a JSON value, got an object that contains itself',
    )
  })

  it('[D2] may be 32 levels deep', () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) })
    expect(parseFacts(nested(32))).toBeDefined()
    expect(() => parseFacts(nested(33))).toThrow('at most 32 levels')
  })

  class Visitor {
    name = 'Vera'
  }

  it.each([
    ['a Date', new Date(0), 'an object of class Date'],
    ['a class instance', new Visitor(), 'an object of class Visitor'],
    ['a Map', new Map(), 'an object of class Map'],
    ['a symbol', Symbol('s'), 'a symbol'],
    ['a bigint', 10n, 'a bigint'],
  ])('[D2] are refused with %s in them', (_, value, got) => {
    expect(() => parseFacts({ deep: { value } })).toThrow(`facts.deep.value: expected a JSON value, got ${got}`)
  })

  it.each([[null], ['text'], [[]], [3], [new Map()]])('[D2] are an object, never %j', (input) => {
    expect(() => parseFacts(input)).toThrow('facts: expected an object of JSON values')
  })
})
