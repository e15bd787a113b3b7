import {
  type DeskState,
  type DomainEvent,
  type Edge,
  emptyState,
  evolve,
  nextDueAt,
  ringingOf,
  snapshotOf,
  stateFrom,
} from '../../core'
import type { Move } from '../playing/move'
import { play } from '../playing/play'
import type { Player } from '../playing/player'
import type { Scenario } from '../playing/scenario'
import type { TurnStep } from '../playing/turn'

/**
 * I8: the same moves give the same events and edges; a state folded from the events equals the live one; so does one
 * that goes on from a snapshot taken after `cut` moves, fed with the rest of the events or of the moves.
 */
export function determinism(scenario: Scenario, cut: number): string | null {
  const steps: TurnStep[] = []
  const player = play(
    { ...scenario, moves: scenario.moves.slice(0, cut) },
    { afterEvent: (step) => void steps.push(step) },
  )
  const saved = JSON.stringify(snapshotOf(player.state))
  const rest = scenario.moves.slice(cut)
  const stepsBefore = steps.length
  const resumed = resume(player, saved, rest)
  const live = JSON.stringify(snapshotOf(player.state))
  const folded = fold(emptyState(scenario.policy), steps).state
  return (
    unequal('played again', JSON.stringify(replayed(scenario)), JSON.stringify(steps)) ??
    unequal('what a fold shows', ...withViews(folded, player)) ??
    wakesLate(folded, player.state) ??
    unequal('a fold of the events', JSON.stringify(snapshotOf(folded)), live) ??
    refolded(saved, steps.slice(stepsBefore), live) ??
    unequal('moves after a snapshot', canonical(resumed.steps), canonical(steps.slice(stepsBefore))) ??
    unequal('state after a snapshot', resumed.state, live)
  )
}

function replayed(scenario: Scenario): TurnStep[] {
  const steps: TurnStep[] = []
  play(scenario, { afterEvent: (step) => void steps.push(step) })
  return steps
}

/** Both go on with the same moves at the same instants, but each wakes in between when it has to. */
function resume(player: Player, saved: string, rest: readonly Move[]): { steps: TurnStep[]; state: string } {
  const steps: TurnStep[] = []
  const restored = stateFrom(JSON.parse(saved))
  const fork = player.fork(restored, { afterEvent: (step) => void steps.push(step) })
  for (const move of rest) {
    player.move(move)
    fork.move('to' in move.wait ? { ...move, wait: { at: player.now } } : move)
  }
  return { steps, state: JSON.stringify(snapshotOf(fork.state)) }
}

function refolded(saved: string, steps: readonly TurnStep[], live: string): string | null {
  const { state, steps: again } = fold(stateFrom(JSON.parse(saved)), steps)
  return (
    unequal('edges after a snapshot', canonical(again), canonical(steps)) ??
    unequal('events after a snapshot', JSON.stringify(snapshotOf(state)), live)
  )
}

function fold(state: DeskState, steps: readonly TurnStep[]): { state: DeskState; steps: TurnStep[] } {
  const again = steps.map(({ event }) => ({
    event,
    edges: evolve(state, JSON.parse(JSON.stringify(event)) as DomainEvent),
  }))
  return { state, steps: again }
}

/** What is derived and in no snapshot: who is rung. */
function withViews(folded: DeskState, { state, book }: Player): [string, string] {
  const seen = (each: DeskState) => JSON.stringify(book.staff.map(({ staff }) => [...ringingOf(each, staff.id)].sort()))
  return [seen(folded), seen(state)]
}

/** A wake-up may come early and find nothing; the live desk has put some of these off, so a fold wakes no later. */
function wakesLate(folded: DeskState, live: DeskState): string | null {
  const [foldedAt, liveAt] = [folded, live].map((each) => nextDueAt(each) ?? Number.POSITIVE_INFINITY)
  if (foldedAt === undefined || liveAt === undefined || foldedAt <= liveAt) return null
  return `a fold of the events wakes at ${foldedAt}, the live desk at ${liveAt}`
}

/** In what order one event's edges come, and who stands beside whom in one, is no part of what they say. */
function canonical(steps: readonly TurnStep[]): string {
  return JSON.stringify(steps.map(({ event, edges }) => [event, edges.map(sorted).sort()]))
}

function sorted(edge: Edge): string {
  return JSON.stringify({ ...edge, staffIds: [...edge.staffIds].sort() })
}

function unequal(what: string, one: string, other: string): string | null {
  if (one === other) return null
  let from = 0
  while (one[from] === other[from]) from += 1
  const near = (text: string) => text.slice(Math.max(0, from - 150), from + 150)
  return `${what} differs:\n  ${near(one)}\n  ${near(other)}`
}
