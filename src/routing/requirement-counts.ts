import { type Primitive, type Requirement, valuesOf } from './requirements'

/** How many workflows require each value of each fact. */
export class RequirementCounts {
  readonly #byKey = new Map<string, Map<Primitive, number>>()

  add(requirement: Requirement): void {
    const counts = this.#byKey.get(requirement.fact.key) ?? new Map<Primitive, number>()
    if (counts.size === 0) this.#byKey.set(requirement.fact.key, counts)
    for (const value of valuesOf(requirement)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }

  remove(requirement: Requirement): void {
    const counts = this.#byKey.get(requirement.fact.key)
    if (counts === undefined) return
    for (const value of valuesOf(requirement)) {
      const left = (counts.get(value) ?? 0) - 1
      if (left > 0) counts.set(value, left)
      else counts.delete(value)
    }
    if (counts.size === 0) this.#byKey.delete(requirement.fact.key)
  }

  /** Of the most frequent of its values. */
  most(requirement: Requirement): number {
    const counts = this.#byKey.get(requirement.fact.key)
    let most = 0
    for (const value of valuesOf(requirement)) most = Math.max(most, counts?.get(value) ?? 0)
    return most
  }
}
