import { DeadlineHeap, type HeapItem } from '../../core'

/** An entity with at most one scheduled event. `heapIndex` and `sequence` belong to the queue. */
export interface ScheduledEvent extends HeapItem {
  sequence: number
}

/** The events of a simulation, earliest first; those of one instant in the order in which they were scheduled. */
export class EventQueue<Entity extends ScheduledEvent> {
  readonly #heap = new DeadlineHeap<Entity>((a, b) => a.sequence - b.sequence)
  #sequence = 0

  get size(): number {
    return this.#heap.size
  }

  get next(): Entity | undefined {
    return this.#heap.earliest
  }

  /** `Infinity` when there is none. */
  get nextAt(): number {
    return this.#heap.earliestAt
  }

  /** Schedules the event of an entity, or moves it. */
  schedule(entity: Entity, at: number): void {
    this.#sequence += 1
    entity.sequence = this.#sequence
    this.#heap.set(entity, at)
  }

  cancel(entity: Entity): void {
    this.#heap.set(entity, Number.POSITIVE_INFINITY)
  }
}
