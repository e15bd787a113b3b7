import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Desk } from '../../src'
import { commandTypes } from '../../src/desk/parse/parse-command'
import { UnionTypes } from './union-types'

const page = (name: string) => readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8')
const core = (name: string) => new URL(`../../src/core/${name}.ts`, import.meta.url).pathname

const unions = new UnionTypes(['messages/event', 'messages/refusal', 'messages/edge', 'model/errors'].map(core))

/** The rows below the heading of a table, each as its cells. */
function table(text: string, heading: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end === -1 ? rows.length : end).map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()))
}

const codeOf = (cell: string | undefined) => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')

/** First column to the code in another one. */
const column = (rows: string[][], index: number) =>
  new Map(rows.map((row) => [codeOf(row[1])[0] ?? '', codeOf(row[index])]))

describe('docs/reference', () => {
  it('[D45] lists every command, each with the method of its name', () => {
    const rows = column(table(page('commands'), 'command'), 2)
    expect([...rows.keys()]).toEqual(commandTypes)
    for (const [type, [method]] of rows) {
      expect(method).toMatch(new RegExp(`^${type}\\(`))
      expect(Reflect.get(Desk.prototype, type)).toBeTypeOf('function')
    }
  })

  it('[D45] lists every domain event with its fields', () => {
    const events = unions.members(core('messages/event'), 'DomainEvent', 'type')
    const rows = table(page('events').split('## Domain events')[1] ?? '', 'type')
    const listed = column(rows, 3)
    expect([...listed.keys()].sort()).toEqual([...events.keys()].sort())
    for (const [type, fields] of events) {
      expect([type, ...(listed.get(type) ?? [])].sort()).toEqual(
        [type, ...fields.filter((name) => name !== 'at')].sort(),
      )
    }
  })

  it('[D45] lists every refusal with its details', () => {
    const refusals = unions.members(core('messages/refusal'), 'Refusal', 'code')
    const listed = column(table(page('refusals'), 'code'), 2)
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(refusals))
  })

  it('[D45] lists every reason of a stop and every code of a DeskError', () => {
    const reasons = column(table(page('refusals'), 'reason'), 1)
    expect([...reasons.keys()].sort()).toEqual(unions.stringMembers(core('messages/edge'), 'StopReason').sort())
    const codes = column(table(page('refusals').split('## Errors')[1] ?? '', 'code'), 1)
    expect([...codes.keys()].sort()).toEqual(unions.stringMembers(core('model/errors'), 'DeskErrorCode').sort())
  })
})
