import type { Staff } from '../../core'
import type { Observation } from './every-request'
import { matchesSubject, type WorkflowProperty } from './every-request'
import { Narrator } from './narrator'
import type { CheckContext, TestAction, TestCase } from './test-case'
import { TestDesk } from './test-desk'

/** The result of one test case. */
export interface TestCaseResult {
  /** What is wrong at its last observation, in words; `null` when the property held. */
  readonly violation: string | null
  /** Moments at which the property had something to say. */
  readonly checks: number
  readonly narrative: readonly string[]
}

/** Runs one test case on a new desk, to the end of the request's route or to the first violation. */
export async function runTestCase(
  context: CheckContext,
  testCase: TestCase,
  property: WorkflowProperty,
): Promise<TestCaseResult> {
  if (!matchesSubject(property.subject, testCase.facts)) return { violation: null, checks: 0, narrative: [] }
  const testDesk = await TestDesk.open(context, testCase)
  try {
    return await new TestCaseRun(context, { testDesk, testCase, property }).run()
  } finally {
    await testDesk.desk.close()
  }
}

interface TestCaseRunParts {
  readonly testDesk: TestDesk
  readonly testCase: TestCase
  readonly property: WorkflowProperty
}

class TestCaseRun {
  readonly #context: CheckContext
  readonly #desk: TestDesk
  readonly #testCase: TestCase
  readonly #property: WorkflowProperty
  readonly #observe: ReturnType<WorkflowProperty['createObserver']>
  readonly #narrator: Narrator
  #violation: string | null = null
  #checks = 0

  constructor(context: CheckContext, { testDesk, testCase, property }: TestCaseRunParts) {
    this.#context = context
    this.#desk = testDesk
    this.#property = property
    this.#observe = property.createObserver()
    this.#narrator = new Narrator(testDesk, testCase.facts)
    this.#testCase = testCase
  }

  async run(): Promise<TestCaseResult> {
    this.#narrator.addOpening()
    await this.#desk.requestChat(this.#testCase)
    if (this.#check()) await this.#performActions()
    return { violation: this.#violation, checks: this.#checks, narrative: this.#narrator.lines }
  }

  async #performActions(): Promise<void> {
    const { openedAt, route } = this.#desk
    const { withinMs } = this.#property
    const steps = route?.steps.map(({ afterMs }) => openedAt + afterMs) ?? []
    const stops = [...steps, openedAt + withinMs]
    const check = () => this.#check()
    for (const action of this.#testCase.actions) {
      await this.#desk.advance(this.#context.delaysMs[action.delayIndex] ?? 0, stops, check)
      if (this.#violation !== null) return
      const done = await performAction(this.#desk, action, this.#context.staff[action.staffIndex])
      if (done !== null) this.#narrator.add(done)
      await this.#desk.syncPresence()
      if (!this.#check()) return
    }
    const now = this.#desk.clock.now()
    const end = Math.max(now, ...steps) + withinMs + 1
    await this.#desk.advance(end - now, [...stops, now + withinMs], check)
  }

  /** Observes the desk and checks the property. Returns false when the test case is over. */
  #check(): boolean {
    const observation = this.#desk.observe()
    if (observation === undefined) return false
    this.#narrator.addObservation(observation)
    if (!this.#isInScope(observation)) return true
    this.#checks += 1
    this.#violation = this.#observe(observation)
    return this.#violation === null
  }

  #isInScope({ shiftsOn }: Observation): boolean {
    const { whileOnShift } = this.#property
    return whileOnShift === null || whileOnShift.some((shift) => shiftsOn.has(shift))
  }
}

const snoozeMs = 30_000

/** Performs an action and returns it in words; `null` when it had no effect or the desk refused. */
export async function performAction(
  testDesk: TestDesk,
  { type }: TestAction,
  staff: Staff | undefined,
): Promise<string | null> {
  if (type === 'visitor leaves' || type === 'visitor comes back') return performVisitorAction(testDesk, type)
  if (staff === undefined) return null
  const { id } = staff
  const { desk } = testDesk
  const { requestId } = testDesk.ids
  switch (type) {
    case 'mutes':
      return (await desk.mute(requestId, id)).ok ? `${id} mutes it` : null
    case 'unmutes':
      return (await desk.unmute(requestId, id)).ok ? `${id} unmutes it` : null
    case 'snoozes':
      return (await desk.snooze(requestId, id, { forMs: snoozeMs })).ok ? `${id} snoozes it for 30 s` : null
    case 'declines':
      return (await desk.decline(requestId, id)).ok ? `${id} declines it` : null
    case 'returns':
      if (!(await desk.accept(requestId, id)).ok) return null
      return (await desk.release(requestId, { by: id })).ok ? `${id} takes it and gives it back` : `${id} takes it`
    case 'goes away':
      if (desk.staff(id)?.availability === 'away') return null
      return (await desk.setAvailability(id, 'away')).ok ? `${id} goes away` : null
    case 'leaves':
      return testDesk.departed.has(id) ? null : leaveDesk(testDesk, id)
    case 'comes back':
      return comeBack(testDesk, id)
    case 'busy':
      return fillCapacity(testDesk, staff)
    case 'free':
      return freeCapacity(testDesk, id)
    default:
      return type satisfies never
  }
}

function leaveDesk(testDesk: TestDesk, id: string): string {
  testDesk.departed.add(id)
  return `${id} leaves`
}

async function comeBack(testDesk: TestDesk, id: string): Promise<string | null> {
  const wasGone = testDesk.departed.delete(id)
  const wasAway = testDesk.desk.staff(id)?.availability === 'away'
  if (wasAway) await testDesk.desk.setAvailability(id, 'available')
  return wasGone || wasAway ? `${id} comes back` : null
}

/** Assigns another chat whose weight is the whole remaining capacity. */
async function fillCapacity({ desk }: TestDesk, { id }: Staff): Promise<string | null> {
  const view = desk.staff(id)
  const weight = view === undefined ? 0 : view.capacity - view.load
  if (weight <= 0) return null
  const requestId = `other-of-${id}`
  const opened = await desk.requestChat({ requestId, visitorId: requestId, weight })
  if (!opened.ok) return null
  const { ok } = await desk.assign(requestId, id, { by: 'supervisor' })
  return ok ? `${id} is busy with other chats` : null
}

async function freeCapacity({ desk }: TestDesk, id: string): Promise<string | null> {
  return (await desk.end(`other-of-${id}`)).ok ? `${id} is free again` : null
}

async function performVisitorAction(
  testDesk: TestDesk,
  type: 'visitor leaves' | 'visitor comes back',
): Promise<string | null> {
  const { visitorId } = testDesk.ids
  const isPresent = type === 'visitor comes back'
  if (testDesk.isVisitorPresent === isPresent) return null
  testDesk.isVisitorPresent = isPresent
  const { desk } = testDesk
  const { ok } = isPresent ? await desk.visitorArrived({ visitorId }) : await desk.visitorLeft(visitorId)
  return ok ? `the ${type}` : null
}
