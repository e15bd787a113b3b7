import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core'
import { createRouter, lintWorkflows, parseConditions, parseWorkflows } from '../../../src/routing'
import { CompiledWorkflow } from '../../../src/routing/compile/compiled-workflow'
import { WorkflowIndex } from '../../../src/routing/compile/workflow-index'
import { RuleEngine } from '../../../src/routing/engine/rule-engine'
import { RoutingContext } from '../../../src/routing/facts/routing-context'
import { arbitraryFacts, arbitraryWorkflows, host } from '../arbitrary-workflows'
import { sampleSeeded } from '../seeded-samples'
import { isRejected, matchingWorkflows } from './json-rules-engine-oracle'

const desk = { visitor: () => undefined, available: () => 0, waiting: () => 0, lastStaff: () => null }
const environment = { desk, hostFacts: host.facts as never, factTimeoutMs: 1_000, now: () => 0 }
const names = { operators: Object.keys(host.operators) }
const conditions = parseConditions(host.conditions, names)
const engine = new RuleEngine({ facts: host.facts as never, operators: host.operators, decorators: {}, conditions })
const compileContext = { hostFacts: host.facts as never, conditions, engine, hasAsyncFacts: false }

const anyRound = fc.tuple(arbitraryWorkflows, fc.array(arbitraryFacts, { minLength: 5, maxLength: 5 }))
const rounds = sampleSeeded('workflows against fresh engines', anyRound, 360)

describe('routing, compared with fresh json-rules-engine engines that run every rule', () => {
  it('[W21] finds the same workflow in 50 000 pairs of workflow and facts, by index, compiled check and in whole', {
    timeout: 600_000,
  }, async () => {
    const tally = { pairs: 0, matched: 0, leftOut: 0, decided: 0, failed: 0, overruled: 0 }
    for (const [raw, factsList] of rounds) {
      const workflows = parseWorkflows(raw, { ...names, conditions })
      const entries = workflows.map((workflow, position) => new CompiledWorkflow(workflow, position, compileContext))
      const index = new WorkflowIndex(entries)
      const router = createRouter({
        workflows: raw,
        ...host,
        facts: host.facts as never,
        factTimeoutMs: 60_000,
        clock: { now: () => 0 },
        desk,
        onDegraded: () => {
          tally.failed += 1
        },
      })
      for (const facts of factsList as Facts[]) {
        const matches = await matchingWorkflows(workflows as never, facts)
        const message = JSON.stringify({ workflows, facts })
        const { routingResult } = await router.route({ visitorId: 'v', facts })
        expect(routingResult.workflow, message).toBe(matches[0] ?? null)
        compareIndex(index, { entries, facts, matches, tally, message })
        await compareChecks(entries, { facts, matches, tally, message })
        tally.pairs += entries.length
        tally.matched += matches.length
      }
    }
    console.info(JSON.stringify(tally))
    expect(tally.pairs).toBeGreaterThan(50_000)
    expect(Math.min(tally.matched, tally.leftOut, tally.decided)).toBeGreaterThan(5_000)
  })

  it('[W25] reports only workflows that never match as never-matches, and only workflows that never win as shadowed', {
    timeout: 600_000,
  }, async () => {
    const found = { 'never-matches': 0, shadowed: 0 }
    for (const [raw, factsList] of rounds) {
      // Each workflow a second time after itself, so that some are shadowed.
      const again = raw.map((workflow) => ({ ...workflow, name: `${workflow.name} again` }))
      const workflows = parseWorkflows([...raw, ...again], { ...names, conditions })
      const findings = lintWorkflows({ workflows, staff: [], shifts: [], conditions })
      const named = (code: string) =>
        findings.filter((finding) => finding.code === code).map(({ workflow }) => workflow)
      const [dead, shadowed] = [named('never-matches'), named('shadowed')]
      found['never-matches'] += dead.length
      found.shadowed += shadowed.length
      for (const facts of factsList.slice(0, 2) as Facts[]) {
        const matches = await matchingWorkflows(workflows as never, facts)
        const message = JSON.stringify({ workflows, facts })
        expect(
          matches.filter((name) => dead.includes(name)),
          message,
        ).toEqual([])
        // Where the evaluation of the earlier one fails, the later one is not shadowed.
        const shadow = findings.find(({ code, workflow }) => code === 'shadowed' && workflow === matches[0])
        const earlier = workflows.find(({ name }) => shadow?.message.startsWith(`"${name}" `))
        if (shadow !== undefined) expect(await isRejected(earlier as never, facts), message).toBe(true)
      }
    }
    expect(Math.min(found['never-matches'], found.shadowed)).toBeGreaterThan(100)
  })

  it('[W22] finds the same after workflows were replaced, removed and added one by one', {
    timeout: 600_000,
  }, async () => {
    for (const [[raw, factsList], [others]] of rounds
      .slice(0, 60)
      .map((round, index) => [round, rounds[index + 60] ?? round] as const)) {
      const router = createRouter({
        workflows: raw,
        ...host,
        facts: host.facts as never,
        clock: { now: () => 0 },
        desk,
        onDegraded: () => {},
      })
      for (const workflow of others) router.setWorkflow(workflow)
      for (const { name } of others.slice(1, 4)) router.removeWorkflow(name)
      for (const facts of factsList as Facts[]) {
        const { routingResult } = await router.route({ visitorId: 'v', facts })
        expect(routingResult.workflow).toBe((await matchingWorkflows(router.workflows as never, facts))[0] ?? null)
      }
    }
  })
})

interface Comparison {
  readonly facts: Facts
  readonly matches: readonly string[]
  readonly tally: { leftOut: number; decided: number; overruled: number }
  readonly message: string
}

/** The index leaves out only what cannot match. */
function compareIndex(
  index: WorkflowIndex,
  { entries, facts, matches, tally, message }: Comparison & { entries: readonly CompiledWorkflow[] },
): void {
  const buckets = index.candidatesFor(new RoutingContext({ visitorId: 'v', facts }, environment))
  const candidates = new Set(buckets.flat().map(({ name }) => name))
  expect(buckets.flat(), message).toHaveLength(candidates.size)
  expect(
    matches.filter((name) => !candidates.has(name)),
    message,
  ).toEqual([])
  tally.leftOut += entries.length - candidates.size
}

/** An exact check agrees with json-rules-engine, unless that rejects; of another check only `false` has to agree. */
async function compareChecks(
  entries: readonly CompiledWorkflow[],
  { facts, matches, tally, message }: Comparison,
): Promise<void> {
  const context = new RoutingContext({ visitorId: 'v', facts }, environment)
  for (const { name, condition, workflow } of entries) {
    if (condition.check === null) continue
    const result = resultOf(() => condition.check?.(context))
    if (result !== 'threw') tally.decided += 1
    if (result === false) expect(matches.includes(name), `${name} ${message}`).toBe(false)
    if (result !== true || !condition.isExact || matches.includes(name)) continue
    expect(await isRejected(workflow, facts), `${name} ${message}`).toBe(true)
    tally.overruled += 1
  }
}

function resultOf(check: () => boolean | undefined): boolean | 'threw' {
  try {
    return check() === true
  } catch {
    return 'threw'
  }
}
