import { describe, expect, it } from 'vitest'
import { ScreenProjection } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'
import { ProjectedScreen, snapshotOf } from './projected-screen'

const idOf = (number: number) => `v${String(number).padStart(3, '0')}`

/** A desk with the screen of Ana, which learns nothing but operations. */
function openScreen() {
  const desk = new DeskFixture({ visitorAlertTtlMs: 60_000 })
  desk.execute({ type: 'setStaff', staff: { id: 'ana' } })
  const projection = new ScreenProjection(desk)
  const snapshot = () => snapshotOf(desk, 'ana')
  const screen = new ProjectedScreen(snapshot)
  projection.attach('ana', screen)
  /** Returns the operations of a flush, after which the screen equals the desk. */
  const flush = () => {
    projection.flush()
    const operations = screen.read()
    const [shown, expected] = [screen.shown, snapshot()]
    expect([shown.visitors, shown.visitorCount]).toEqual([expected.visitors, expected.visitorCount])
    return operations
  }
  const arrive = (number: number, facts = {}) =>
    desk.execute({ type: 'visitorArrived', visitorId: idOf(number), facts })
  const leave = (number: number) => desk.execute({ type: 'visitorLeft', visitorId: idOf(number) })
  const shownIds = () => screen.shown.visitors.map(({ visitorId }) => visitorId)
  return { desk, flush, arrive, leave, shownIds, count: () => screen.shown.visitorCount }
}

describe('the visitors of a screen', () => {
  it('[V51] are the newest hundred, with the number of all', () => {
    const { desk, flush, arrive, leave, shownIds, count } = openScreen()
    for (let number = 1; number <= 103; number += 1) {
      arrive(number)
      desk.at += 1
    }
    flush()
    expect([shownIds()[0], shownIds().at(-1), shownIds().length, count()]).toEqual(['v103', 'v004', 100, 103])
    arrive(104)
    expect(flush().map(({ type }) => type)).toEqual(['visitor', 'visitorLeft'])
    expect([shownIds()[0], shownIds().at(-1), count()]).toEqual(['v104', 'v005', 104])
    leave(50)
    expect(flush().map(({ type }) => type)).toEqual(['visitorLeft', 'visitor'])
    expect([shownIds().at(-1), shownIds().length, count()]).toEqual(['v004', 100, 103])
    leave(1)
    flush()
    expect([shownIds().at(-1), count()]).toEqual(['v004', 102])
    desk.at += 1
    arrive(50)
    flush()
    expect([shownIds()[0], shownIds().length, count()]).toEqual(['v050', 100, 103])
    for (let number = 60; number <= 104; number += 1) leave(number)
    flush()
    expect([shownIds().length, count()]).toEqual([58, 58])
  })

  it('[V51] are not sent for facts of one who is not shown', () => {
    const { desk, flush, arrive } = openScreen()
    for (let number = 1; number <= 101; number += 1) {
      arrive(number)
      desk.at += 1
    }
    flush()
    arrive(1, { page: '/other' })
    expect(flush()).toEqual([])
    arrive(2, { page: '/other' })
    expect(flush()).toMatchObject([{ type: 'visitor', visitor: { visitorId: 'v002', facts: { page: '/other' } } }])
  })

  it('[V51] who came at the same moment are in the order of their ids', () => {
    const { flush, arrive, shownIds } = openScreen()
    for (let number = 1; number <= 102; number += 1) arrive(number)
    flush()
    expect([shownIds()[0], shownIds().at(-1), shownIds().length]).toEqual(['v001', 'v100', 100])
  })
})
