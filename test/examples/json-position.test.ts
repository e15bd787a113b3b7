import { json } from '@codemirror/lang-json'
import { ensureSyntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { describe, expect, it, vi } from 'vitest'
import { type JsonPath, pathTo, rangeOf } from '../../examples/live-desk/pages/supervisor/workflows/json-position'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const text = `[
  { "name": "One", "conditions": { "all": [] } },
  { "name": "T\\"wo", "event": { "params": { "steps": [{ "to": "everyone" }, { "afterMs": 5, "to": { "team": "a" } }] } } }
]`
const state = (doc = text) => EditorState.create({ doc, extensions: [json()] })
const at = (path: JsonPath, doc = text) => {
  const { from, to } = rangeOf(state(doc), path)
  return doc.slice(from, to)
}

describe('the range of a path in a JSON text', () => {
  it.each<[JsonPath, string]>([
    [[0, 'name'], '"One"'],
    [[1, 'name'], '"T\\"wo"'],
    [[0, 'conditions', 'all'], '[]'],
    [[1, 'event', 'params', 'steps', 0, 'to'], '"everyone"'],
    [[1, 'event', 'params', 'steps', 1, 'afterMs'], '5'],
    [[1, 'event', 'params', 'steps', 1, 'to', 'team'], '"a"'],
  ])('finds %j', (path, found) => expect(at(path)).toBe(found))

  it('is the innermost existing part, for a missing path', () => {
    expect(at([0, 'conditions', 'all', 3, 'fact'])).toBe('[]')
    expect(at([0, 'name', 'first'])).toBe('"One"')
    expect(at([0, 'priority'])).toBe('{ "name": "One", "conditions": { "all": [] } }')
  })

  it('ends with the line on which it starts', () => {
    expect(at([])).toBe('[')
    expect(at([9])).toBe('[')
  })

  it('is the start of a text that is not a list', () => {
    expect(at([0], '{ "name": "One" }')).toBe('{')
    expect(at([0], '')).toBe('')
  })

  it('is found before a part that is not yet JSON', () => {
    expect(at([0, 'name'], '[{ "name": "One", "conditions": {')).toBe('"One"')
  })
})

describe('the path of a position in a JSON text', () => {
  const pathAt = (mark: string) => {
    const now = state()
    const tree = ensureSyntaxTree(now, text.length, 30_000)
    if (tree === null) throw new Error('the text was not parsed within the time')
    return pathTo(now, tree.resolveInner(text.indexOf(mark) + 1, -1))
  }

  it.each<[string, JsonPath]>([
    ['"One"', [0, 'name']],
    ['"afterMs"', [1, 'event', 'params', 'steps', 1, 'afterMs']],
    ['"everyone"', [1, 'event', 'params', 'steps', 0, 'to']],
    ['[]', [0, 'conditions', 'all', 0]], // within the brackets: where the first item goes
  ])('is found for %s', (mark, path) => expect(pathAt(mark)).toEqual(path))

  it('leads back to the same position', () => {
    for (const mark of ['"One"', '"everyone"', '"a"']) expect(at(pathAt(mark))).toBe(mark)
  })
})
