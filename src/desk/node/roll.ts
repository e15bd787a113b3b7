import type { Command, DeskState, DomainEvent, SessionId, StaffId } from '../../core'
import type { LogEntry, LogPayload } from '../../log'
import type { Task } from '../work'

/** Which sessions each node holds, as a snapshot keeps it. */
export type SavedRoll = readonly (readonly [node: string, sessions: readonly (readonly [StaffId, SessionId])[]])[]

/** A node that leaves no sign for so long after it was first missed is gone. */
export const goneAfterMs = 3_000

/**
 * Whose session is whose. A session belongs to the node that wrote down its latest sign; when that node is gone, any
 * other one ends it, once.
 */
export class Roll {
  readonly #node: string
  /** Session key to its node, and node to its sessions. */
  readonly #owner = new Map<string, string>()
  readonly #sessions = new Map<string, Map<string, readonly [StaffId, SessionId]>>()
  /** Sessions whose connections are at this node, whatever the log says. */
  readonly #here = new Set<string>()
  /** Nodes that were missed at the last roll call, and since when. */
  readonly #missed = new Map<string, number>()

  constructor(node: string) {
    this.#node = node
  }

  /** The other nodes that hold sessions. */
  others(): string[] {
    return [...this.#sessions.keys()].filter((node) => node !== this.#node)
  }

  get holdsSessions(): boolean {
    return this.#sessions.has(this.#node)
  }

  /** This node's place among those that hold sessions, from 0; another order for each deadline. */
  turnOf(dueAt: number): number {
    const own = mixed(this.#node, dueAt)
    let before = 0
    for (const node of this.#sessions.keys()) if (node !== this.#node && mixed(node, dueAt) < own) before += 1
    return before
  }

  /** Writes down a batch. Returns the sessions that somebody else ended while their connections are here. */
  follow({ payload }: Pick<LogEntry, 'payload'>): (readonly [StaffId, SessionId])[] {
    return payload.events.flatMap((event) => {
      switch (event.type) {
        case 'session.started':
        case 'session.renewed':
          this.#give(payload, event)
          return []
        case 'session.ended': {
          const { staffId, sessionId, cause } = event
          this.#drop(staffId, sessionId)
          const isMine = this.#here.has(keyOf(staffId, sessionId))
          return isMine && cause === 'disconnected' && payload.src !== this.#node ? [[staffId, sessionId] as const] : []
        }
        case 'staff.removed':
          this.#dropAll(event.staffId)
          return []
        default:
          return []
      }
    })
  }

  /** A command for a session has come to this node. What it leads to where the session is known, but elsewhere. */
  besides(command: Command, { staff }: DeskState): readonly DomainEvent[] {
    if (command.type === 'disconnect') this.#here.delete(keyOf(command.staffId, command.sessionId))
    if (command.type !== 'connect' && command.type !== 'heartbeat') return []
    const { staffId, sessionId, at } = command
    this.#here.add(keyOf(staffId, sessionId))
    const leaseUntilAt = staff.get(staffId)?.sessions.get(sessionId)
    if (leaseUntilAt === undefined || this.#owner.get(keyOf(staffId, sessionId)) === this.#node) return []
    return [{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }]
  }

  /** After a roll call: commands that end the sessions of nodes that have been gone for long enough. */
  called(alive: readonly string[], elapsedMs: number): Task[] {
    for (const node of [...this.#missed.keys()]) {
      if (alive.includes(node) || !this.#sessions.has(node)) this.#missed.delete(node)
    }
    return this.others().flatMap((node) => {
      if (alive.includes(node)) return []
      const since = this.#missed.get(node) ?? elapsedMs
      this.#missed.set(node, since)
      return elapsedMs - since < goneAfterMs ? [] : this.#endings(node)
    })
  }

  saved(): SavedRoll {
    return [...this.#sessions].map(([node, sessions]) => [node, [...sessions.values()]] as const)
  }

  restore(saved: SavedRoll): void {
    this.#owner.clear()
    this.#sessions.clear()
    for (const [node, sessions] of saved) for (const session of sessions) this.#set(node, session)
  }

  #endings(node: string): Task[] {
    return [...(this.#sessions.get(node)?.values() ?? [])].map(([staffId, sessionId]) => ({
      commandId: null,
      complete: (at) => {
        const isStillIts = this.#owner.get(keyOf(staffId, sessionId)) === node
        return isStillIts ? { type: 'disconnect', staffId, sessionId, at } : null
      },
      details: null,
    }))
  }

  #give({ src }: LogPayload, { staffId, sessionId }: { readonly staffId: StaffId; readonly sessionId: SessionId }) {
    this.#drop(staffId, sessionId)
    if (src !== undefined) this.#set(src, [staffId, sessionId])
  }

  #set(node: string, session: readonly [StaffId, SessionId]): void {
    const key = keyOf(...session)
    this.#owner.set(key, node)
    const sessions = this.#sessions.get(node) ?? new Map()
    this.#sessions.set(node, sessions.set(key, session))
  }

  #drop(staffId: StaffId, sessionId: SessionId): void {
    const key = keyOf(staffId, sessionId)
    const node = this.#owner.get(key)
    if (node === undefined) return
    this.#owner.delete(key)
    const sessions = this.#sessions.get(node)
    sessions?.delete(key)
    if (sessions?.size === 0) this.#sessions.delete(node)
  }

  #dropAll(staffId: StaffId): void {
    for (const sessions of [...this.#sessions.values()]) {
      for (const [of, sessionId] of [...sessions.values()]) if (of === staffId) this.#drop(staffId, sessionId)
    }
  }
}

function keyOf(staffId: StaffId, sessionId: SessionId): string {
  return JSON.stringify([staffId, sessionId])
}

/** A number that looks drawn by lot, and is the same at every node. */
function mixed(node: string, dueAt: number): number {
  let mix = dueAt | 0
  for (let index = 0; index < node.length; index += 1) mix = Math.imul(mix ^ node.charCodeAt(index), 0x9e3779b1)
  return mix >>> 0
}
