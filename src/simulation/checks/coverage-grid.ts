import type { Shift, Staff } from '../../core'
import { shiftTimeAt } from '../../routing'
import type { Scenario } from '../scenario/scenario'

const slotMs = 900_000
const slotsMax = 2_000

/** The staff on shift in each slot of a scenario's time: slots of a quarter of an hour, longer ones for a long time. */
export class CoverageGrid {
  readonly slots: number
  readonly slotMs: number
  readonly fromAt: number
  readonly #onByShift: ReadonlyMap<string, Uint8Array>

  constructor({ shifts, fromAt, untilAt }: Pick<Scenario, 'shifts' | 'fromAt' | 'untilAt'>) {
    this.fromAt = fromAt
    this.slots = Math.max(1, Math.min(slotsMax, Math.ceil((untilAt - fromAt) / slotMs)))
    this.slotMs = (untilAt - fromAt) / this.slots
    this.#onByShift = new Map(shifts.map((shift) => [shift.id, this.#onOf(shift)]))
  }

  hasShift(shiftId: string): boolean {
    return this.#onByShift.has(shiftId)
  }

  /** Whether a shift is on in the middle of a slot. */
  isOn(shiftId: string, slot: number): boolean {
    return this.#onByShift.get(shiftId)?.[slot] === 1
  }

  isEverOn(shiftId: string): boolean {
    return this.#onByShift.get(shiftId)?.includes(1) === true
  }

  /** Whether a staff member is on shift in a slot: always, without shifts. */
  isStaffOnShift({ shifts = [] }: Staff, slot: number): boolean {
    return shifts.length === 0 || shifts.some((id) => this.isOn(id, slot))
  }

  isStaffEverOnShift({ shifts = [] }: Staff): boolean {
    return shifts.length === 0 || shifts.some((id) => this.isEverOn(id))
  }

  #onOf(shift: Shift): Uint8Array {
    const on = new Uint8Array(this.slots)
    let { isOn, nextBoundaryAt } = shiftTimeAt(shift, Math.floor(this.fromAt + this.slotMs / 2))
    for (let slot = 0; slot < this.slots; slot += 1) {
      const at = Math.floor(this.fromAt + (slot + 0.5) * this.slotMs)
      if (nextBoundaryAt !== null && nextBoundaryAt <= at) ({ isOn, nextBoundaryAt } = shiftTimeAt(shift, at))
      on[slot] = isOn ? 1 : 0
    }
    return on
  }
}
