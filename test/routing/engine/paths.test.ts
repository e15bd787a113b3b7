import fc from 'fast-check'
import { Engine } from 'json-rules-engine'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core'
import { parseFactPath, parseWorkflows } from '../../../src/routing'
import { syncFact } from '../../../src/routing/facts/fact-reader'
import { RoutingContext } from '../../../src/routing/facts/routing-context'
import { sampleSeeded } from '../seeded-samples'
import { createTestRouter, workflowToTeam } from '../test-router'

const keys = [
  ...['length', '0', '1', 'a', 'b', 'größe', '2fa', 'two words', 'a.b', 'a-b', 'toString', '$', '..', '.', '*', ''],
  ...[
    '$a',
    'a,b',
    '0:1',
    '-1',
    '^',
    '~',
    '@string()',
    '`a',
    '#0',
    'a;b',
    '?(@.a)',
    '(@.length-1)',
    '日本',
    'a/b',
    '%@%',
  ],
]

const anyKey = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('length', '0', '1', 'a', 'größe') },
  fc.constantFrom(...keys),
)
const anySegment = fc
  .tuple(anyKey, fc.constantFrom('dot', 'dot', 'index', 'single', 'double'))
  .map(([key, spelling]) => {
    if (spelling === 'dot') return `.${key}`
    if (spelling === 'index') return `[${key}]`
    return spelling === 'single' ? `['${key}']` : `["${key}"]`
  })
const anyPath = fc
  .tuple(fc.constantFrom('$', '$', '', 'a', 'length'), fc.array(anySegment, { minLength: 1, maxLength: 4 }))
  .map(([start, segments]) => (start === '' ? segments.join('').replace(/^\./, '') : `${start}${segments.join('')}`))

const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'large' },
    fc.constantFrom<Json>('', 'hello', 'ä😀', 0, 7, true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyKey, tie('value'), { minKeys: 2, maxKeys: 6 }),
  ),
}))

describe('a path', () => {
  it('[W51] gives what it gives in json-rules-engine, or is refused when set: into texts, lists, objects, numbers', async () => {
    const anyRound = fc.tuple(fc.array(anyPath, { minLength: 30, maxLength: 30 }), anyValue)
    const tally = { refused: 0, found: 0, missing: 0 }
    for (const [path, value] of sampleSeeded('paths', anyRound, 100).flatMap(([paths, one]) =>
      paths.map((path) => [path, one] as const),
    )) {
      if (problemOf(path) !== undefined) tally.refused += 1
      else {
        const expected = await plainValueAt(value, path)
        expect(await valuesAt(value, path), JSON.stringify({ path, value })).toEqual([expected, expected])
        tally[expected === undefined ? 'missing' : 'found'] += 1
      }
    }
    console.info(JSON.stringify(tally))
    expect(Math.min(tally.refused, tally.found, tally.missing)).toBeGreaterThan(200)
  })

  it.each([
    ['$.message.length', { message: 'hello' }, 5],
    ['message.length', { message: '' }, undefined],
    ['$.name[0]', { name: 'Ana' }, 'A'],
    ['$.name[0][0][0]', { name: 'Ana' }, 'A'],
    ['$.items.length', { items: [1, 2] }, 2],
    ['$.items[1].id', { items: [{}, { id: 'x' }] }, 'x'],
    ["$['größe'].length", { größe: 'XL' }, 2],
    ['$.count.length', { count: 12 }, undefined],
    ['$.length', 'a fact that is a text is itself at any path', 'a fact that is a text is itself at any path'],
  ])('[W51] %s of %j is %j, as in json-rules-engine', async (path, value, expected) => {
    expect(await plainValueAt(value, path)).toEqual(expected)
    expect(await valuesAt(value, path)).toEqual([expected, expected])
  })

  it.each([
    ['$.größe', "$['größe']"],
    ['größe', "$['größe']"],
    ['.name', '$.name'],
    ["$.['two words']", "$['two words']"],
    ['$.2fa', "$['2fa']"],
    ['2fa', "$['2fa']"],
    ['[0].id', '$[0].id'],
    ["['two words']", "$['two words']"],
    ['account.', '$.account'],
    ['two words.x', "$['two words'].x"],
    ['toString', '$.toString'],
  ])('[W52] %s is refused, and is to be written %s', async (path, written) => {
    expect(problemOf(path)).toBe(
      'workflows[0].conditions.all[0].path: expected own properties and indexes, at most 8, such as "plan.items[0]", ' +
        `got ${JSON.stringify(path)}; did you mean ${JSON.stringify(written)}?`,
    )
    expect(parseFactPath(written)).not.toBeNull()
  })

  it.each(['$', '$..name', '$.*', "$['*']", '$.items[*].id', '$[?(@.a)]', '$.a[0:2]', '$.a^', '__proto__', "$['a,b']"])(
    '[W52] %s is refused without advice, because no other path means it',
    (path) => {
      expect(problemOf(path)).toMatch(/such as "plan.items\[0\]", got [^;]*$/)
    },
  )
})

function workflowAt(path: string): object {
  return workflowToTeam('w', { all: [{ fact: 'x', operator: 'captured', value: null, path }] })
}

function problemOf(path: string): string | undefined {
  try {
    parseWorkflows([workflowAt(path)], { operators: ['captured'] })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What a plain engine with its own resolver compares. */
async function plainValueAt(value: Json, path: string): Promise<unknown> {
  const engine = new Engine([], { allowUndefinedFacts: true })
  let captured: unknown
  engine.addOperator('captured', (found: unknown) => {
    captured = found
    return true
  })
  engine.addRule(structuredClone(workflowAt(path)) as never)
  await engine.run({ x: value })
  return captured
}

/** What a router compares by json-rules-engine, and by its compiled checks. */
async function valuesAt(value: Json, path: string): Promise<readonly unknown[]> {
  let captured: unknown
  const operators = {
    captured: (found: unknown) => {
      captured = found
      return true
    },
  }
  const { route, degraded } = createTestRouter([workflowAt(path)], { operators: operators as never })
  await route({ x: value })
  expect(degraded).toEqual([])
  const compiled = syncFact({ fact: 'x', path }, {})
  const context = new RoutingContext({ visitorId: 'v', facts: { x: value } }, {} as never)
  return [captured, compiled?.read(context)]
}
