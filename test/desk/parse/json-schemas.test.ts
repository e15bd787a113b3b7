import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import { parseOptions } from '../../../src/desk/parse/desk-options'
import { createDeskSchemas, type SchemaName } from '../../../src/desk/parse/json-schemas'
import { parseCommand } from '../../../src/desk/parse/parse-command'
import { parsePolicy, parseRoster } from '../../../src/desk/parse/parse-staff'
import { createMessagesSchema } from '../../../src/host/message-schemas'
import { parseConditions, parseRoute, parseShifts, parseTarget, parseWorkflows } from '../../../src/routing'
import { isCampaign, seed } from '../../campaign'
import { root } from '../../repository-checks/source-file'
import { ana, equal, hours, invalidExamples, validExamples } from './schema-examples'

const schemas = createDeskSchemas()
const names = Object.keys(schemas) as SchemaName[]
const ajv = new Ajv2020({ strictRequired: false, strictTypes: false })
for (const name of names) ajv.addSchema(schemas[name], `${name}.json`)

function matchesSchema(name: SchemaName, value: unknown): boolean {
  return ajv.validate(`${name}.json`, value) === true
}

const rules = {
  parseWorkflows: (value: unknown) => parseWorkflows(value) as never,
  parseWorkflow: (value: unknown) => parseWorkflows([value])[0] as never,
}

const parsers: Readonly<Record<Exclude<SchemaName, 'rules'>, (value: unknown) => unknown>> = {
  workflows: parseWorkflows,
  conditions: parseConditions,
  route: parseRoute,
  target: parseTarget,
  shifts: parseShifts,
  staff: parseRoster,
  policy: parsePolicy,
  desk: parseOptions,
  commands: (value) => parseCommand(value, rules),
}
const parsed = Object.keys(parsers) as (keyof typeof parsers)[]

function isAccepted(name: keyof typeof parsers, value: unknown): boolean {
  try {
    parsers[name](value)
    return true
  } catch (error) {
    if (error instanceof InvalidInputError) return false
    throw error
  }
}

describe('JSON Schemas', () => {
  it('[W26] stand in files of the package, as they are made of what parses', async () => {
    const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    expect(manifest.files).toContain('schemas')
    expect(manifest.exports['./schemas/*.json']).toBe('./schemas/*.json')
    const files = { ...schemas, messages: createMessagesSchema() }
    for (const [name, schema] of Object.entries(files)) {
      await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`${root}schemas/${name}.json`)
    }
    expect(existsSync(`${root}schemas`) && readdirSync(`${root}schemas`).sort()).toEqual(
      Object.keys(files)
        .map((name) => `${name}.json`)
        .sort(),
    )
  })

  it('[W26] take what the parsers take and refuse what they refuse, as an independent validator reads them', () => {
    for (const name of parsed) {
      for (const value of validExamples[name]) {
        expect([isAccepted(name, value), matchesSchema(name, value)], `${name} ${JSON.stringify(value)}`).toEqual([
          true,
          true,
        ])
      }
      for (const value of invalidExamples[name]) {
        expect([isAccepted(name, value), matchesSchema(name, value)], `${name} ${JSON.stringify(value)}`).toEqual([
          false,
          false,
        ])
      }
    }
  })

  it('[W26] name files in a file of rules, or hold the parts themselves', () => {
    expect(
      matchesSchema('rules', {
        workflows: 'workflows.json',
        staff: [ana],
        conditions: {},
        defaultRoute: { to: 'everyone' },
      }),
    ).toBe(true)
    expect(matchesSchema('rules', { workflows: 3 })).toBe(false)
    expect(matchesSchema('rules', { routes: [] })).toBe(false)
  })

  it('[W26] differ from the parsers on no value changed at random, but where a rule is not theirs to tell', {
    timeout: 600_000,
  }, () => {
    const anyCase = fc
      .constantFrom(...parsed)
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.constantFrom(...validExamples[name], ...invalidExamples[name]),
          fc.array(anyChange, { maxLength: 3 }),
        ),
      )
    const tally = { both: 0, neither: 0, parserOnly: 0 }
    const compare = ([name, value, changes]: [keyof typeof parsers, unknown, Change[]]) => {
      const changed = changes.reduce(changedBy, structuredClone(value))
      const [taken, fitting] = [isAccepted(name, changed), matchesSchema(name, changed)]
      // What the parser takes fits; what fits is refused only for a rule that no schema tells.
      expect(taken && !fitting, `${name} ${JSON.stringify(changed)}`).toBe(false)
      if (fitting && !taken) {
        tally.parserOnly += 1
        expect(problemsOf(name, changed).filter((text) => !beyondSchemas.test(text))).toEqual([])
      } else tally[taken ? 'both' : 'neither'] += 1
    }
    fc.assert(fc.property(anyCase, compare), { seed, numRuns: isCampaign ? 20_000 : 500 })
    console.info(JSON.stringify(tally))
    expect(Math.min(tally.both, tally.neither)).toBeGreaterThan(isCampaign ? 2_000 : 50)
  })
})

/** Doubled names, unknown operators and conditions, order of steps, dates and zones that exist, values that compare. */
const beyondSchemas = new RegExp(
  [
    'that no other|nobody else|an operator of json|known condition|of the step before|first step|date that exists',
    'one exception|IANA|path: expected|\\.value\\b|params|no \\w+ beside|lead back',
  ].join('|'),
)

function problemsOf(name: keyof typeof parsers, value: unknown): string[] {
  try {
    parsers[name](value)
    return []
  } catch (error) {
    return String((error as Error).message).split('\n')
  }
}

interface Change {
  /** Which of all places in the value, counted through. */
  readonly at: number
  readonly to: unknown
}

const anyPart = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    'a',
    'x'.repeat(257),
    0,
    -1,
    1,
    2.5,
    1e9,
    1e12,
    null,
    true,
    {},
    [],
    ['a'],
    equal,
    ana,
    hours,
  ),
  fc.constantFrom<unknown>({ to: 'everyone' }, { team: 't' }, 'everyone', 'all', '09:00', '24:00', '2026-02-30', 'mon'),
)
const anyChange: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(60),
  to: fc.option(anyPart, { nil: undefined, freq: 6 }),
})

/** Puts something in one of the places, or takes out what is there. */
function changedBy(value: unknown, { at, to }: Change): unknown {
  const places: [Record<string, unknown>, string][] = []
  const walk = (inside: unknown) => {
    if (typeof inside !== 'object' || inside === null) return
    for (const key of Object.keys(inside)) {
      places.push([inside as Record<string, unknown>, key])
      walk(Reflect.get(inside, key))
    }
  }
  walk(value)
  const place = places[at % Math.max(places.length, 1)]
  if (place === undefined) return structuredClone(to) ?? value
  const [inside, key] = place
  if (to !== undefined) inside[key] = structuredClone(to)
  else if (Array.isArray(inside)) inside.splice(Number(key), 1)
  else delete inside[key]
  return value
}
