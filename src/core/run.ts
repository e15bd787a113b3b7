import { decide } from './decide/decide'
import type { Decision } from './decide/decision'
import { evolve } from './evolve/evolve'
import type { Command } from './messages/command'
import type { Edge } from './messages/edge'
import type { DomainEvent } from './messages/event'
import type { Shift, ShiftTime } from './model/staff'
import { dueShifts, nextDueAt } from './ringing/next-action'
import type { DeskState } from './state/state'

/** What the caller of `run` supplies, and the calls it receives. Methods must not run commands on the same state. */
export interface RunObserver {
  /** Returns whether a shift is on at an instant, and its next boundary. */
  shiftTimeAt(shift: Shift, at: number): ShiftTime
  /** Called before each command is decided, ticks included. */
  onCommand?(command: Command): void
  /**
   * Called with each decision that has events, before they are folded: the place to append them to a store. `false`
   * stops the run; these events are then not folded.
   */
  onDecision?(decision: Decision, command: Command): boolean
  /** Called right before an event is folded. */
  beforeEvent?(event: DomainEvent): void
  /** Called right after an event was folded, with the edges that it made. */
  onEvent?(event: DomainEvent, edges: readonly Edge[]): void
  /** Called after all events of a decision were folded. `false` stops the run. */
  onFolded?(decision: Decision, command: Command): boolean
}

/** More ticks than this at one instant are a defect of the core: it decides the same deadline again and again. */
const ticksPerInstantMax = 1_000_000

/**
 * Decides a command, folds its events into the state, and does the same with all that is due by then, one deadline
 * after another (the macrostep of a statechart). Returns the decision about the command.
 */
export function run(state: DeskState, command: Command, observer: RunObserver): Decision {
  observer.onCommand?.(command)
  const decision = decide(state, command)
  if (fold(state, decision, command, observer)) runDue(state, command.at, observer)
  return decision
}

/** Decides and folds all that is due at an instant, or at that of the newest event if that is later. */
export function runDue(state: DeskState, dueAt: number, observer: RunObserver): void {
  const at = Math.max(dueAt, state.at)
  for (let ticks = 0; (nextDueAt(state) ?? Number.POSITIVE_INFINITY) <= at; ticks += 1) {
    if (ticks === ticksPerInstantMax) throw new Error(`${ticks} deadlines at ${at}, and more are due`)
    const times = dueShifts(state, at).map((shift) => observer.shiftTimeAt(shift, at))
    const tick: Command = { type: 'tick', times, at }
    observer.onCommand?.(tick)
    const decision = decide(state, tick)
    if (decision.events.length === 0 || !fold(state, decision, tick, observer)) return
  }
}

/** Returns `false` when the observer stops the run. */
function fold(state: DeskState, decision: Decision, command: Command, observer: RunObserver): boolean {
  const { events } = decision
  if (events.length === 0) return true
  if (observer.onDecision?.(decision, command) === false) return false
  for (const event of events) {
    observer.beforeEvent?.(event)
    const edges = evolve(state, event)
    observer.onEvent?.(event, edges)
  }
  return observer.onFolded?.(decision, command) !== false
}
