import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { describeValue, isPlainObject } from '../../../src/core'

class Parcel {}
const nameless = (() => class {})()
const longNamed = Object.defineProperty(class {}, 'name', { value: 'n'.repeat(61) })

describe('what came, in the words of an error', () => {
  it.each([
    ['', '""'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), 'text of 61 characters'],
    ['say "hi"\n', '"say \\"hi\\"\\n"'],
    [7, '7'],
    [-0, '-0'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [10n, 'a bigint'],
    [Symbol('s'), 'a symbol'],
    [() => 1, 'a function'],
    [Parcel, 'a function'],
  ])('is the value itself where it is short, case %#', (value, words) => {
    expect(describeValue(value)).toBe(words)
  })

  it.each([
    [[], 'an empty list'],
    [[1], 'a list of 1'],
    [[1, 2, 3], 'a list of 3'],
    [{}, 'an object'],
    [{ a: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Parcel(), 'an object of class Parcel'],
    [new Map(), 'an object of class Map'],
    [new nameless(), 'an object of class unknown'],
    [new longNamed(), `an object of class ${'n'.repeat(60)}`],
    [Object.create(Object.create({})), 'an object of class unknown'],
  ])('is the kind of what is not, case %#', (value, words) => {
    expect(describeValue(value)).toBe(words)
  })

  it('runs no code of the value', () => {
    const hostile = Object.create({
      get constructor() {
        throw new Error('ran')
      },
    })
    Object.setPrototypeOf(Object.getPrototypeOf(hostile), Map.prototype)
    expect(describeValue(hostile)).toBe('an object of class unknown')
  })
})

describe('a plain object', () => {
  it('may come from another realm or have no prototype, and is no list or instance', () => {
    expect(isPlainObject({})).toBe(true)
    expect(isPlainObject(Object.create(null))).toBe(true)
    expect(isPlainObject(runInNewContext('({ a: 1 })') as object)).toBe(true)
    expect(isPlainObject(runInNewContext('[]') as object)).toBe(false)
    expect(isPlainObject([])).toBe(false)
    expect(isPlainObject(new Parcel())).toBe(false)
    expect(isPlainObject(new Map())).toBe(false)
  })
})
