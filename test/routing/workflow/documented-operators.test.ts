import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import { builtInDecorators, builtInOperators } from '../../../src/routing/workflow/vocabulary'
import { root } from '../../repository-checks/source-file'
import { createTestRouter, workflowToTeam } from '../test-router'

const page = readFileSync(`${root}docs/reference/operators.md`, 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
  .map((texts) => ({ name: texts[0] ?? '', parts: texts.slice(-3).map((text) => JSON.parse(text) as Facts) }))

describe('the page of operators', () => {
  it('[W28] shows each operator and each decorator once, in an example that uses it', () => {
    const names = rows.map(({ name }) => name)
    expect([...names].sort()).toEqual([...builtInOperators, ...builtInDecorators].sort())
    for (const { name, parts } of rows) expect(String(parts[0]?.operator).split(':')).toContain(name)
  })

  it('[W28] says of each example for which facts it holds and for which not', async () => {
    for (const { name, parts } of rows) {
      const [example = {}, holding = {}, failing = {}] = parts
      const { route, degraded } = createTestRouter([workflowToTeam('w', { all: [example] })])
      expect((await route(holding)).routingResult.workflow, name).toBe('w')
      expect((await route(failing)).routingResult.workflow, name).toBe(null)
      expect(degraded).toEqual([])
    }
  })
})
