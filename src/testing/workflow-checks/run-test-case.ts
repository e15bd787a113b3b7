import type { Staff } from '../../core'
import type { Observation } from './every-request'
import { matchesSubject, type WorkflowProperty } from './every-request'
import { Narrator } from './narrator'
import type { CheckContext, TestAction, TestCase } from './test-case'
import { TestDesk } from './test-desk'

/** What came of one story. */
export interface TestCaseResult {
  /** What is wrong at its last moment, in words; `null` when the property held. */
  readonly violation: string | null
  /** Moments at which the property had something to say. */
  readonly checks: number
  readonly narrative: readonly string[]
}

/** Tells one story to a fresh desk, up to the end of the request's route or to the first breach. */
export async function runTestCase(
  scene: CheckContext,
  situation: TestCase,
  property: WorkflowProperty,
): Promise<TestCaseResult> {
  if (!matchesSubject(property.subject, situation.facts)) return { violation: null, checks: 0, narrative: [] }
  const story = await TestDesk.open(scene, situation)
  try {
    return await new TestCaseRun(scene, { story, situation, property }).run()
  } finally {
    await story.desk.close()
  }
}

interface TestCaseRunParts {
  readonly story: TestDesk
  readonly situation: TestCase
  readonly property: WorkflowProperty
}

class TestCaseRun {
  readonly #scene: CheckContext
  readonly #story: TestDesk
  readonly #situation: TestCase
  readonly #property: WorkflowProperty
  readonly #observe: ReturnType<WorkflowProperty['createObserver']>
  readonly #teller: Narrator
  #breach: string | null = null
  #looks = 0

  constructor(scene: CheckContext, { story, situation, property }: TestCaseRunParts) {
    this.#scene = scene
    this.#story = story
    this.#property = property
    this.#observe = property.createObserver()
    this.#teller = new Narrator(story, situation.facts)
    this.#situation = situation
  }

  async run(): Promise<TestCaseResult> {
    this.#teller.addOpening()
    await this.#story.requestChat(this.#situation)
    if (this.#look()) await this.#meanwhile()
    return { violation: this.#breach, checks: this.#looks, narrative: this.#teller.lines }
  }

  async #meanwhile(): Promise<void> {
    const { openedAt, route } = this.#story
    const { withinMs } = this.#property
    const steps = route?.steps.map(({ afterMs }) => openedAt + afterMs) ?? []
    const stops = [...steps, openedAt + withinMs]
    const seen = () => this.#look()
    for (const deed of this.#situation.deeds) {
      await this.#story.advance(this.#scene.delaysMs[deed.wait] ?? 0, stops, seen)
      if (this.#breach !== null) return
      const done = await performAction(this.#story, deed, this.#scene.staff[deed.who])
      if (done !== null) this.#teller.add(done)
      await this.#story.syncPresence()
      if (!this.#look()) return
    }
    const now = this.#story.clock.now()
    const end = Math.max(now, ...steps) + withinMs + 1
    await this.#story.advance(end - now, [...stops, now + withinMs], seen)
  }

  /** False when there is nothing more to see. */
  #look(): boolean {
    const moment = this.#story.observe()
    if (moment === undefined) return false
    this.#teller.addObservation(moment)
    if (!this.#isTime(moment)) return true
    this.#looks += 1
    this.#breach = this.#observe(moment)
    return this.#breach === null
  }

  #isTime({ shiftsOn }: Observation): boolean {
    const { whileOnShift } = this.#property
    return whileOnShift === null || whileOnShift.some((shift) => shiftsOn.has(shift))
  }
}

const snoozeMs = 30_000

/** Does it, and says what was done in plain words; `null` when there was nothing to do or the desk refused. */
export async function performAction(
  story: TestDesk,
  deed: TestAction,
  staff: Staff | undefined,
): Promise<string | null> {
  const { what } = deed
  if (what === 'visitor leaves' || what === 'visitor comes back') return performVisitorAction(story, what)
  if (staff === undefined) return null
  const { id } = staff
  const { desk } = story
  const { requestId } = story.ids
  switch (what) {
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
      return story.departed.has(id) ? null : leaveDesk(story, id)
    case 'comes back':
      return comeBack(story, id)
    case 'busy':
      return fillCapacity(story, staff)
    case 'free':
      return freeCapacity(story, id)
    default:
      return what satisfies never
  }
}

function leaveDesk(story: TestDesk, id: string): string {
  story.departed.add(id)
  return `${id} leaves`
}

async function comeBack(story: TestDesk, id: string): Promise<string | null> {
  const wasGone = story.departed.delete(id)
  const wasAway = story.desk.staff(id)?.availability === 'away'
  if (wasAway) await story.desk.setAvailability(id, 'available')
  return wasGone || wasAway ? `${id} comes back` : null
}

/** A chat with somebody else that leaves no room, whatever the rules say of it. */
async function fillCapacity({ desk }: TestDesk, { id }: Staff): Promise<string | null> {
  const view = desk.staff(id)
  const weight = view === undefined ? 0 : view.capacity - view.load
  if (weight <= 0) return null
  const requestId = `other-of-${id}`
  const asked = await desk.requestChat({ requestId, visitorId: requestId, weight })
  if (!asked.ok) return null
  const { ok } = await desk.assign(requestId, id, { by: 'supervisor' })
  return ok ? `${id} is busy with other chats` : null
}

async function freeCapacity({ desk }: TestDesk, id: string): Promise<string | null> {
  return (await desk.end(`other-of-${id}`)).ok ? `${id} is free again` : null
}

async function performVisitorAction(
  story: TestDesk,
  what: 'visitor leaves' | 'visitor comes back',
): Promise<string | null> {
  const { visitorId } = story.ids
  const isComing = what === 'visitor comes back'
  if (story.isVisitorHere === isComing) return null
  story.isVisitorHere = isComing
  const { desk } = story
  const { ok } = isComing ? await desk.visitorArrived({ visitorId }) : await desk.visitorLeft(visitorId)
  return ok ? `the ${what}` : null
}
