import { doDeed } from './do-deed'
import type { Moment } from './moment'
import type { Scene } from './scene'
import type { Situation } from './situation'
import { StoryDesk } from './story-desk'
import { Storyteller } from './storyteller'
import { isMeant, type WorkflowProperty } from './workflow-property'

/** What came of one story. */
export interface PlayedStory {
  /** What is wrong at its last moment, in words; `null` when the property held. */
  readonly breach: string | null
  /** Moments at which the property had something to say. */
  readonly looks: number
  readonly lines: readonly string[]
}

/** Tells one story to a fresh desk, up to the end of the request's route or to the first breach. */
export async function playStory(scene: Scene, situation: Situation, property: WorkflowProperty): Promise<PlayedStory> {
  if (!isMeant(property.subject, situation.facts)) return { breach: null, looks: 0, lines: [] }
  const story = await StoryDesk.open(scene, situation)
  try {
    return await new StoryPlay(scene, { story, situation, property }).play()
  } finally {
    await story.desk.close()
  }
}

interface Parts {
  readonly story: StoryDesk
  readonly situation: Situation
  readonly property: WorkflowProperty
}

class StoryPlay {
  readonly #scene: Scene
  readonly #story: StoryDesk
  readonly #situation: Situation
  readonly #property: WorkflowProperty
  readonly #observe: ReturnType<WorkflowProperty['watch']>
  readonly #teller: Storyteller
  #breach: string | null = null
  #looks = 0

  constructor(scene: Scene, { story, situation, property }: Parts) {
    this.#scene = scene
    this.#story = story
    this.#property = property
    this.#observe = property.watch()
    this.#teller = new Storyteller(story, situation.facts)
    this.#situation = situation
  }

  async play(): Promise<PlayedStory> {
    this.#teller.begin()
    await this.#story.ask(this.#situation)
    if (this.#look()) await this.#meanwhile()
    return { breach: this.#breach, looks: this.#looks, lines: this.#teller.lines }
  }

  async #meanwhile(): Promise<void> {
    const { openedAt, route } = this.#story
    const { withinMs } = this.#property
    const steps = route?.steps.map(({ afterMs }) => openedAt + afterMs) ?? []
    const stops = [...steps, openedAt + withinMs]
    const seen = () => this.#look()
    for (const deed of this.#situation.deeds) {
      await this.#story.pass(this.#scene.waits[deed.wait] ?? 0, stops, seen)
      if (this.#breach !== null) return
      const done = await doDeed(this.#story, deed, this.#scene.staff[deed.who])
      if (done !== null) this.#teller.tell(done)
      await this.#story.settle()
      if (!this.#look()) return
    }
    const now = this.#story.clock.now()
    const end = Math.max(now, ...steps) + withinMs + 1
    await this.#story.pass(end - now, [...stops, now + withinMs], seen)
  }

  /** False when there is nothing more to see. */
  #look(): boolean {
    const moment = this.#story.look()
    if (moment === undefined) return false
    this.#teller.tellMoment(moment)
    if (!this.#isTime(moment)) return true
    this.#looks += 1
    this.#breach = this.#observe(moment)
    return this.#breach === null
  }

  #isTime({ shiftsOn }: Moment): boolean {
    const { whileOnShift } = this.#property
    return whileOnShift === null || whileOnShift.some((shift) => shiftsOn.has(shift))
  }
}
