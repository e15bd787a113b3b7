import { describe, expect, it } from 'vitest'
import { type LintFinding, lintWorkflows, parseWorkflows, type Workflow } from '../../../src/routing'
import { countSteps, stepsIn100Ms } from '../../count-steps'
import { equalCondition, workflowToTeam } from '../test-router'

const staff = [{ id: 'ana', teams: ['servers', 'billing'] }]

/** Workflows that overlap: ranges of a few facts, in many branches. Each pair of them takes long to compare. */
function entangled(count: number, branches: number): readonly Workflow[] {
  const range = (seed: number, index: number) => ({
    fact: `f${(seed * 7 + index) % 13}`,
    operator: index % 2 === 0 ? 'lessThan' : 'greaterThan',
    value: (seed * 31 + index * 5) % 97,
  })
  const branch = (seed: number) => ({ all: [0, 1, 2, 3].map((index) => range(seed, index)) })
  return parseWorkflows(
    Array.from({ length: count }, (_, index) => ({
      ...workflowToTeam('servers', { any: Array.from({ length: branches }, (_, each) => branch(index * 17 + each)) }),
      name: `w${index}`,
    })),
  )
}

/** Workflows for one value each of two facts. */
function plain(count: number): readonly Workflow[] {
  return parseWorkflows(
    Array.from({ length: count }, (_, index) => ({
      ...workflowToTeam('servers', { all: [equalCondition('a', index), equalCondition('b', index % 7)] }),
      name: `w${index}`,
    })),
  )
}

const lint = (workflows: readonly Workflow[], stepsMax?: number): LintFinding[] =>
  lintWorkflows({ workflows, staff, shifts: [], ...(stepsMax === undefined ? {} : { stepsMax }) })

describe('the work of lint', () => {
  it.each([
    ['60 kB of entangled workflows', () => entangled(10, 60)],
    ['300 entangled workflows', () => entangled(300, 30)],
    ['10 000 plain workflows', () => plain(10_000)],
  ])('[W40] ends within 100 ms for %s, and says what it has not looked at', async (_, workflows) => {
    const input = workflows()
    let found: LintFinding[] = []
    const steps = await countSteps(() => {
      found = lint(input)
    })
    console.log(`lint: ${steps} steps`)
    expect(found.at(-1)).toMatchObject({ code: 'not-looked-at', message: expect.stringMatching(/^not looked at: /) })
    expect(steps).toBeLessThan(stepsIn100Ms)
  })

  it('[W40] is unbounded without the budget (negative control)', async () => {
    const input = entangled(10, 60)
    const steps = await countSteps(() => lint(input, 2_000_000))
    console.log(`lint without its budget: ${steps} steps`)
    expect(steps).toBeGreaterThan(stepsIn100Ms)
  })

  it('[W40] grows with the number of workflows, not with its square', async () => {
    const [few, many] = [plain(500), plain(4_000)]
    lint(few)
    const stepsFew = await countSteps(() => lint(few, 100_000_000))
    const stepsMany = await countSteps(() => lint(many, 100_000_000))
    expect(stepsMany / stepsFew).toBeLessThan(8 * 1.25)
  })

  it('[W40] names the first workflow that it has not looked at in full, and how many rank after it', () => {
    const workflows = plain(50)
    const [finding, ...more] = lint(workflows, 1_000)
    expect(more).toEqual([])
    const index = workflows.findIndex(({ name }) => name === finding?.workflow)
    expect(index).toBeGreaterThan(2)
    expect(finding?.message).toBe(
      `not looked at: this workflow in full, nor at the ${49 - index} that rank after it, nor at facts that one workflow alone reads`,
    )
  })

  it('[W25] finds the same whatever is left of the budget, or nothing', () => {
    const workflows = parseWorkflows([
      workflowToTeam('servers', { all: [equalCondition('topic', 1), equalCondition('topic', 2)] }),
      { ...workflowToTeam('billing', { any: [equalCondition('topic', 1), equalCondition('topic', 2)] }), name: 'wide' },
      { ...workflowToTeam('servers', { all: [equalCondition('topic', 2)] }), name: 'narrow' },
      { ...workflowToTeam('nobody', { all: [equalCondition('topik', 3)] }), name: 'lost' },
    ])
    const all = lint(workflows, 100_000).map((finding) => JSON.stringify(finding))
    expect(all).toHaveLength(4)
    for (let stepsMax = 0; stepsMax < 600; stepsMax += 1) {
      const found = lint(workflows, stepsMax)
      const known = found.filter(({ code }) => code !== 'not-looked-at').map((finding) => JSON.stringify(finding))
      expect(all).toEqual(expect.arrayContaining(known))
      expect(found.length === known.length).toBe(known.length === all.length)
    }
  })
})
