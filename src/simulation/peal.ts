import type { Appointment } from './calendar'
import type { Manner } from './person'
import type { Chances } from './random'

/**
 * One request that began to ring for several people of the same manner at once. Each would act after a time of their
 * own; only the first of them is drawn, as the least of so many draws, and the next when that one has not taken it. So
 * a ring for two hundred people costs two draws, not two hundred. Its appointment is when the next of them acts.
 */
export class Peal implements Appointment {
  readonly kind = 'peal'
  slot = -1
  dueAt = 0
  sequence = 0
  readonly requestId: string
  readonly #staffIds: readonly string[]
  readonly #manner: Manner
  readonly #chances: Chances
  readonly #startedAt: number
  /** Who stands where in the list of those who are left, but for those who stand where they began. */
  readonly #moved = new Map<number, number>()
  #left: number
  /** The share of all times that lies below that of the last who acted. */
  #share = 0

  constructor({ requestId, staffIds, manner, chances, startedAt }: PealParts) {
    this.requestId = requestId
    this.#staffIds = staffIds
    this.#manner = manner
    this.#chances = chances
    this.#startedAt = startedAt
    this.#left = staffIds.length
  }

  get left(): number {
    return this.#left
  }

  /** When the next of those who are left acts: the least of as many draws above the last one. */
  nextAt(): number {
    const above = (1 - this.#chances.next()) ** (1 / this.#left)
    this.#share = 1 - (1 - this.#share) * above
    return this.#startedAt + this.#manner.answer(this.#share)
  }

  /** Who that is: each of those who are left is as likely. */
  draw(): string {
    const place = Math.floor(this.#chances.next() * this.#left)
    this.#left -= 1
    const index = this.#moved.get(place) ?? place
    this.#moved.set(place, this.#moved.get(this.#left) ?? this.#left)
    return this.#staffIds[index] as string
  }
}

interface PealParts {
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly manner: Manner
  readonly chances: Chances
  readonly startedAt: number
}
