import type { Shift, Staff } from '../../core'
import type { DeskOptions } from '../../desk'
import type { Week } from './week'

/** Where all stories of one check are told. */
export interface Scene {
  /** The host's rules, for a fresh desk each time. */
  readonly options: DeskOptions
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly week: Week
  /** How long one may wait before the next deed, in milliseconds, the shortest first. */
  readonly waits: readonly number[]
}
