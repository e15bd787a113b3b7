import { jsonSchemas } from 'frontbell/routing'
import { describe, expect, it, vi } from 'vitest'
import type { JsonPath } from '../../examples/live-desk/pages/supervisor/workflows/json-position'
import { keysOf, type Schema, schemasAt, wordsOf } from '../../examples/live-desk/pages/supervisor/workflows/schemas-at'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const tree: Schema = {
  type: 'array',
  items: { $ref: '#/$defs/node' },
  $defs: {
    node: {
      anyOf: [
        { type: 'object', properties: { kind: { const: 'leaf' }, isOpen: { type: 'boolean' } } },
        { type: 'object', properties: { kind: { const: 'branch' }, inside: { $ref: '#/$defs/list' } } },
      ],
    },
    list: { type: 'array', items: { $ref: '#/$defs/node' } },
    loop: { $ref: '#/$defs/loop' },
    colors: { enum: ['red', 'green'] },
    book: { type: 'object', additionalProperties: { $ref: '#/$defs/colors' }, properties: { first: { const: 1 } } },
  },
}
const at = (path: JsonPath, root = tree) => schemasAt(root, path)
const rootOf = (name: string): Schema => ({ ...tree, $ref: `#/$defs/${name}` })

describe('the schemas at a path', () => {
  it('are those of every branch, with references resolved at any depth', () => {
    expect(wordsOf(at([0, 'kind']))).toEqual(['leaf', 'branch'])
    expect(wordsOf(at([0, 'inside', 3, 'inside', 1, 'kind']))).toEqual(['leaf', 'branch'])
    expect([...keysOf(at([0])).keys()]).toEqual(['kind', 'isOpen', 'inside'])
  })

  it('give the values of a constant, an enum and a boolean', () => {
    expect(wordsOf(at([0, 'isOpen']))).toEqual([true, false])
    expect(wordsOf(at([], rootOf('colors')))).toEqual(['red', 'green'])
  })

  it('are those of a named key, otherwise of additional properties', () => {
    expect(wordsOf(at(['first'], rootOf('book')))).toEqual([1])
    expect(wordsOf(at(['second'], rootOf('book')))).toEqual(['red', 'green'])
  })

  it('are none where no value is allowed, and for a reference to nothing or to itself', () => {
    expect(at([0, 'kind', 'more'])).toEqual([])
    expect(at(['name'])).toEqual([])
    expect(at([], rootOf('nowhere'))).toEqual([])
    expect(at([], rootOf('loop'))).toEqual([])
  })

  it('know the workflows of a desk by the published schema', () => {
    const root = jsonSchemas().workflows
    const keys = (path: JsonPath) => [...keysOf(at(path, root)).keys()]
    expect(keys([0])).toEqual(expect.arrayContaining(['name', 'conditions', 'event', 'priority']))
    expect(keys([0, 'conditions'])).toEqual(expect.arrayContaining(['all', 'any', 'not']))
    expect(keys([0, 'conditions', 'all', 0, 'any', 2])).toEqual(expect.arrayContaining(['fact', 'operator', 'value']))
    expect(wordsOf(at([0, 'event', 'type'], root))).toEqual(expect.arrayContaining(['route', 'prioritize', 'tag']))
    expect(keys([0, 'event', 'params', 'steps', 1])).toEqual(expect.arrayContaining(['to', 'afterMs', 'mode', 'ring']))
  })
})
