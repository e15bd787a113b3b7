import { DeskError } from '../../core'
import type { NodeLiveness } from '../../store'
import { type QueuedCommand, resumeCommand } from '../runtime/desk-runtime'
import { pause } from './environment'
import type { NodeContext } from './node-context'
import { heartbeatTtlMs, type NodeHealth } from './node-health'

/** When a deadline is overdue by more than this, no node has the desk open. */
const deadlineOverdueMs = 3_000

/** For so long an opening waits for another node to save the snapshot that it needs. */
const snapshotWithinMs = 4_000
const snapshotRetryMs = 250

export interface HeartbeatDependencies extends NodeContext {
  readonly health: NodeHealth
  /** Returns whether this node needs a snapshot of another one. */
  readonly needsSnapshot: () => boolean
  readonly enqueue: (command: QueuedCommand) => void
}

/** Sends the heartbeats of a node, and does what their answers ask for. */
export class Heartbeats {
  readonly #parts: HeartbeatDependencies
  #settingsProblem: string | null = null

  constructor(parts: HeartbeatDependencies) {
    this.#parts = parts
  }

  /** Returns whether no node had the desk open until now: none that owns sessions lives, or deadlines are overdue. */
  showRestart(alive: readonly string[] | null): boolean {
    const { sessionOwnership, aggregate, clock } = this.#parts
    const owners = sessionOwnership.otherNodes()
    if (alive !== null && alive.length > 0) return false
    const dueAt = aggregate.nextDueAt()
    return (alive !== null && owners.length > 0) || (dueAt !== null && dueAt + deadlineOverdueMs < clock.now())
  }

  /** Returns which of the other nodes that own sessions are alive; `null` for a store without heartbeats. */
  async send(): Promise<readonly string[] | null> {
    const { store, clock, sessionOwnership, environment, storeWatchdog, roll, needsSnapshot } = this.#parts
    if (store.heartbeat === undefined) return null
    const own = { node: environment.nodeId, forMs: heartbeatTtlMs, needsSnapshot: needsSnapshot() }
    const heartbeat = { ...own, ...roll.toHeartbeat(), others: sessionOwnership.otherNodes() }
    const sentAt = clock.localNow()
    const answer = await storeWatchdog.watch(async () => store.heartbeat?.(heartbeat) ?? { t: 0, alive: [] })
    clock.synchronize(answer.t, sentAt)
    this.#observe(answer)
    this.#endMissingSessions(answer.alive)
    return answer.alive
  }

  #endMissingSessions(alive: readonly string[]): void {
    const { sessionOwnership, environment, restartWatch, enqueue } = this.#parts
    const commands = sessionOwnership.endSessionsOfMissingNodes(alive, environment.elapsedMs())
    const mayOthersLive = restartWatch.observeAlive(alive)
    if (!mayOthersLive && restartWatch.isUnknown && commands.length > 0) {
      restartWatch.end()
      enqueue(resumeCommand)
    }
    for (const command of commands) enqueue(command)
  }

  /**
   * Reads the store; where it lacks entries in the middle, waits for the snapshot of a node that holds the desk.
   * @throws what `read` throws, when no node saves one.
   */
  async readWithHelp(read: () => Promise<unknown>): Promise<void> {
    const { environment, roll, needsSnapshot } = this.#parts
    const sinceMs = environment.elapsedMs()
    for (;;) {
      try {
        return void (await read())
      } catch (error) {
        const mayHeal = needsSnapshot() && roll.hasOthers
        if (!mayHeal || environment.elapsedMs() - sinceMs >= snapshotWithinMs) throw error
        await this.send()
        await pause(environment, snapshotRetryMs)
      }
    }
  }

  /** Leaves the roll, so that no node waits for this one after a loss. */
  async leave(): Promise<void> {
    const { store, environment, health } = this.#parts
    if (health.error !== null) return
    const heartbeat = { node: environment.nodeId, forMs: heartbeatTtlMs, others: [], isLeaving: true }
    await store.heartbeat?.(heartbeat).catch(() => {})
  }

  /** Its settings may have changed; another node may need a snapshot. */
  #observe({ roll: known, isSnapshotNeeded = false, settingsProblem = null }: NodeLiveness): void {
    const { roll, eventBus, options, saveSnapshot, health } = this.#parts
    roll.observe(known)
    if (isSnapshotNeeded && health.error === null && options.savesForOthers) saveSnapshot()
    if (settingsProblem !== null && settingsProblem !== this.#settingsProblem)
      eventBus.emit('error', new DeskError('store-failed', settingsProblem))
    this.#settingsProblem = settingsProblem
  }
}
