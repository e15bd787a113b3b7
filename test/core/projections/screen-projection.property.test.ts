import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type ScreenOperation, ScreenProjection } from '../../../src/core'
import type { ServerSnapshot } from '../../../src/portal/portal-view'
import { anyScenario, Driver, type Scenario } from '../../../src/testing'
import { campaignOf, fastCheckOptions } from '../../campaign'
import { DeskFixture } from '../desk-fixture'
import { ProjectedScreen, snapshotOf } from './projected-screen'

vi.setConfig({ testTimeout: 300_000 })

const staffIds = ['ana', 'bo', 'cy', 'di']
const size = campaignOf({ few: 60, many: 5_000, override: 'FRONTBELL_SCREEN_RUNS' })

describe('the projection of screens', () => {
  it('[V43] passes on one operation for each screen of the audience, with 500 other requests open', () => {
    const desk = new DeskFixture().present(...staffIds)
    for (let n = 0; n < 500; n += 1) desk.open(`o${n}`)
    const projection = new ScreenProjection(desk)
    const operations: string[] = []
    for (const staffId of staffIds) {
      const onOperation = ({ type }: ScreenOperation) => operations.push(`${staffId} ${type}`)
      projection.attach(staffId, { onOperation, onReplaced: () => operations.push('whole') })
    }
    const passedOn = () => {
      projection.flush()
      return operations.splice(0)
    }
    desk.open('r1', { to: { staff: ['ana', 'bo'] } })
    expect(passedOn()).toEqual(['ana awaiting', 'bo awaiting'])
    desk.execute({ type: 'mute', requestId: 'r1', staffId: 'ana' })
    expect(passedOn()).toEqual(['ana reason'])
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })
    expect(passedOn()).toEqual(['bo chat', 'ana removed'])
    desk.execute({ type: 'end', requestId: 'r1' })
    expect(passedOn()).toEqual(['bo removed'])
  })

  it('[V43] keeps every screen equal to what the state shows, however much has changed since it was read', () => {
    const seen = play()
    expect(Math.min(seen.operations, seen.unchanged)).toBeGreaterThan(size.runs)
  })

  it.each(['addRequest', 'addStaff', 'addVisitor', 'addRoster'] as const)(
    '[V43] shows something else when the core leaves out %s',
    (report) => {
      const leaveOut = (driver: Driver) => Object.assign(driver.state.changes ?? {}, { [report]: () => {} })
      expect(() => play(leaveOut, { seed: 1, numRuns: 2_000, endOnFailure: true })).toThrow(/Property failed/)
    },
  )
})

/** Plays scenarios with a screen for every staff member, which reads what has changed after some of the commands. */
function play(tamper: (driver: Driver) => void = () => {}, options: fc.Parameters<unknown> = fastCheckOptions(size)) {
  const seen = { operations: 0, unchanged: 0 }
  const pauses = fc.array(fc.nat(3), { minLength: 1, maxLength: 10 })
  const property = fc.property(anyScenario({ actionsMax: 60 }), pauses, (scenario, drawn) =>
    playOne(scenario, drawn, { seen, tamper }),
  )
  fc.assert(property, options as object)
  return seen
}

function playOne(
  scenario: Scenario,
  pauses: readonly number[],
  { seen, tamper }: { seen: { operations: number; unchanged: number }; tamper: (driver: Driver) => void },
): void {
  const driver = new Driver({ at: scenario.startAt, policy: scenario.policy })
  for (const template of scenario.setup) driver.execute(template)
  const projection = new ScreenProjection(driver)
  tamper(driver)
  const screens = new Map<string, ProjectedScreen>()
  let untilRead = 0
  for (const [index, action] of scenario.actions.entries()) {
    for (const staffId of driver.state.staff.keys()) {
      if (screens.has(staffId)) continue
      const screen = new ProjectedScreen(() => snapshotOf(driver, staffId))
      screens.set(staffId, screen)
      projection.attach(staffId, screen)
    }
    driver.perform(action)
    untilRead -= 1
    if (untilRead >= 0) continue
    untilRead = pauses[index % pauses.length] ?? 0
    projection.flush()
    for (const [staffId, screen] of screens) {
      if (!driver.state.staff.has(staffId)) {
        projection.detach(staffId, screen)
        screens.delete(staffId)
        continue
      }
      const before = screen.shown
      seen.operations += screen.read().length
      if (screen.shown === before) seen.unchanged += 1
      const expected = comparable(snapshotOf(driver, staffId))
      const shown = comparable(screen.shown)
      if (JSON.stringify(shown) !== JSON.stringify(expected)) expect(shown, `${staffId} differs`).toEqual(expected)
    }
  }
  projection.close()
  expect(driver.state.changes).toBeNull()
}

function comparable({ availability, awaiting, chats, visitors }: ServerSnapshot) {
  return { availability, awaiting, chats, visitors }
}
