import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkStaffing, parseScenario, simulate } from '../../../src/simulation'
import { root } from '../../repository-checks/source-file'

const text = readFileSync(`${root}examples/simulation/hosting.json`, 'utf8')

describe('examples/simulation/hosting.json', () => {
  it('[SIM16] [SIM17] is a scenario that can be staffed, and serves most visitors in every hour', () => {
    const scenario = parseScenario(JSON.parse(text))
    expect(checkStaffing(scenario)).toEqual([])
    const { total, byHour, teams, workflows } = simulate(scenario)
    expect(total.offered).toBeGreaterThan(400)
    expect(total.serviceLevel).toBeGreaterThan(0.8)
    expect(byHour.every(({ staffedMs }) => staffedMs > 0)).toBe(true)
    expect(teams.map(({ team }) => team)).toEqual(['billing', 'sales', 'servers'])
    expect(workflows.every(({ answered }) => answered > 0)).toBe(true)
  })
})
