import type { Entry } from './entry'
import { FactTable } from './fact-table'
import { type Bucket, inserted, type Ranked, swapped, without } from './ranked'
import { type Requirement, valuesOf } from './requirements'
import type { RoutingContext } from './routing-context'

/** Those who share a value of the fact they are found by: some by no more than that, the rest by a second fact. */
export class SharedCell {
  #here: Ranked = []
  #second: FactTable<Ranked> | null = null

  get isEmpty(): boolean {
    return this.#here.length === 0 && this.#second === null
  }

  put(entry: Entry): void {
    const { second } = entry
    if (second === null) this.#here = inserted(this.#here, entry)
    else this.#changeSecond(second, (ranked) => inserted(ranked, entry))
  }

  take(entry: Entry): void {
    const { second } = entry
    if (second === null) this.#here = without(this.#here, entry)
    else this.#changeSecond(second, (ranked) => without(ranked, entry))
  }

  /** Puts one in the place of another that is found by the same facts. */
  swap(before: Entry, entry: Entry): void {
    const { second } = before
    if (second === null) this.#here = swapped(this.#here, before, entry)
    else this.#changeSecond(second, (ranked) => swapped(ranked, before, entry))
  }

  /** Adds all that may match to `buckets`. */
  collect(context: RoutingContext, buckets: Bucket[]): void {
    for (const bucket of this.#here) buckets.push(bucket)
    this.#second?.visit(context, (ranked) => {
      for (const bucket of ranked) buckets.push(bucket)
    })
  }

  #changeSecond(requirement: Requirement, change: (ranked: Ranked) => Ranked): void {
    const table = this.#second ?? new FactTable<Ranked>()
    for (const value of valuesOf(requirement)) {
      const ranked = change(table.get(requirement, value) ?? [])
      if (ranked.length > 0) table.set(requirement, value, ranked)
      else table.delete(requirement, value)
    }
    this.#second = table.isEmpty ? null : table
  }
}
