import { describe, it } from 'vitest'
import {
  awaitingListOf,
  type DeskState,
  portalSnapshotOf,
  requestView,
  ringingRequestIds,
  staffView,
  supervisorAwaitingList,
} from '../../../src/core'
import { runScenario } from '../../../src/testing/driver/driver'
import type { AppliedEvent } from '../../../src/testing/driver/scenario'
import { isLeftAlone, isOpen, type ReferenceModel } from '../../../src/testing/reference-model/reference-model'
import { capacityOf, loadOf } from '../../../src/testing/reference-model/ringing'
import { campaign, patienceMs } from '../properties/campaign'
import { firstDifference } from './first-difference'
import { flat, inOrder, NaiveDesk } from './naive-desk'

describe('the naive desk beside the core', () => {
  it(
    'makes the same edges after every event and shows the same screens after every command',
    () => {
      campaign('model', (scenario, recorder) => {
        const desk = new NaiveDesk()
        const observer = recorder.over({
          afterEvent: (step, book) => expectSameEdges(desk, step, book),
          onIdle: (state, book) => expectSameScreens(desk, state, book),
        })
        runScenario(scenario, observer)
      })
    },
    patienceMs,
  )
})

function expectSameEdges(desk: NaiveDesk, { event, edges }: AppliedEvent, book: ReferenceModel): void {
  const expected = desk.expectedEdges(event, book)
  const actual = flat(edges)
  for (const { type, pair, reason, by } of actual) {
    const match = expected.find((each) => each.type === type && each.pair === pair)
    if (match === undefined) throw new Error(`${event.type}: the core says ${type} ${pair}, the model is silent`)
    if (match.type === 'ring') continue
    if (!match.reasons.some((each) => each === reason))
      throw new Error(`${event.type}: ${pair} stops as ${reason}, not ${match.reasons}`)
    if (match.by !== by) throw new Error(`${event.type}: ${pair} stops by ${by}, the model says by ${match.by}`)
  }
  const missing = expected.find((each) => !actual.some(({ type, pair }) => type === each.type && pair === each.pair))
  if (missing !== undefined)
    throw new Error(`${event.type}: the model says ${missing.type} ${missing.pair}, the core is silent`)
  if (actual.length !== expected.length)
    throw new Error(`${event.type}: an edge is made twice: ${JSON.stringify(actual)}`)
}

function expectSameScreens(desk: NaiveDesk, state: DeskState, book: ReferenceModel): void {
  for (const { staff } of book.staff) expectSameScreen(desk, state, book, staff.id)
  for (const request of book.requests) {
    const {
      requestId,
      visitorId,
      facts,
      priority,
      tags,
      weight,
      openedAt,
      step,
      workflow,
      transferredBy,
      visitorLeftAt,
      route,
      assignment,
    } = request
    const bond =
      assignment === null
        ? null
        : { assignmentId: assignment.assignmentId, staffId: assignment.staffId, at: assignment.at }
    const view = {
      requestId,
      visitorId,
      facts,
      priority,
      tags,
      weight,
      openedAt,
      sequenceNumber: book.requests.indexOf(request),
      phase: desk.phase(request),
      step,
      workflow,
      transferredBy,
      visitorLeftAt,
      leftAloneSince: assignment === null ? null : (assignment.absentSinceAt ?? assignment.silentSinceAt),
      tone: route.steps.find((_, index) => index === step)?.tone ?? null,
      assignment: bond,
    }
    same(`request ${requestId}`, requestView(state, requestId), request.outcome === null ? view : undefined)
  }
  const all = inOrder(book.requests.filter((request) => isOpen(request) || isLeftAlone(request)))
  const gone = all.filter(({ visitorLeftAt }) => visitorLeftAt !== null)
  const here = all.filter((request) => !gone.includes(request))
  const ringing = here.filter((request) => desk.phase(request) === 'ringing')
  const waiting = here.filter((request) => !ringing.includes(request))
  const lines = supervisorAwaitingList(state).map(({ requestId, reason }) => ({
    requestId,
    isChat: reason === 'left-alone',
  }))
  const expected = [...waiting, ...ringing, ...gone].map((each) => ({
    requestId: each.requestId,
    isChat: !isOpen(each),
  }))
  same('the list of the supervisor', lines, expected)
}

function expectSameScreen(desk: NaiveDesk, state: DeskState, book: ReferenceModel, staffId: string): void {
  same(`what rings for ${staffId}`, [...ringingRequestIds(state, staffId)].sort(), desk.ringing(staffId))
  const portal = portalSnapshotOf(state, staffId, 7)
  if (portal === undefined) throw new Error(`${staffId} has no portal`)
  same(
    `the ringing panel of ${staffId}`,
    portal.ringing.map(({ requestId }) => requestId).sort(),
    desk.ringing(staffId),
  )
  const chats = book.requests.filter(({ assignment }) => assignment?.staffId === staffId)
  same(
    `the chats of ${staffId}`,
    portal.chats.map(({ requestId }) => requestId).sort(),
    chats.map(({ requestId }) => requestId).sort(),
  )
  const items = awaitingListOf(state, staffId)
  same(`the portal's awaiting of ${staffId}`, portal.awaiting, items)
  const lines = items.map(({ requestId, reason, untilAt }) => ({ requestId, reason: loosely(reason), untilAt }))
  same(`the awaiting list of ${staffId}`, lines, desk.awaiting(book, staffId))
  for (const { requestId, request } of items) same(`${requestId} in awaiting`, request, requestView(state, requestId))
  const record = book.staff.find(({ staff }) => staff.id === staffId)
  if (record === undefined) return
  const { capacity, load, availability, isPresent } = staffView(state, staffId) ?? {}
  const person = {
    capacity: capacityOf(book, record),
    load: loadOf(book, staffId),
    availability: record.availability,
    isPresent: record.isPresent,
  }
  same(`the person ${staffId}`, { capacity, load, availability, isPresent }, person)
}

/** Whether somebody was once rung and missed it is history, and no part of the ring relation. */
function loosely(reason: string): string {
  return reason === 'missed' || reason === 'waiting' ? 'missed or waiting' : reason
}

function same(what: string, core: unknown, model: unknown): void {
  const found = firstDifference(core, model)
  if (found !== null) throw new Error(`${what} (the core here, the model there) ${found}`)
}
