import type { Command, DeskState, DomainEvent, SessionId, StaffId } from '../../core'
import type { StoreEntry, StorePayload } from '../../store'
import type { QueuedCommand } from '../runtime/desk-runtime'

/** Which sessions each node holds, as a snapshot keeps it. */
export type SessionOwners = readonly (readonly [node: string, sessions: readonly (readonly [StaffId, SessionId])[]])[]

/** A node that leaves no sign for so long after it was first missed is gone. */
export const nodeGoneAfterMs = 3_000

/**
 * Whose session is whose. A session belongs to the node that wrote down its latest sign; when that node is gone, any
 * other one ends it, once.
 */
export class SessionOwnership {
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
  otherNodes(): string[] {
    return [...this.#sessions.keys()].filter((node) => node !== this.#node)
  }

  get holdsSessions(): boolean {
    return this.#sessions.has(this.#node)
  }

  /** This node's place among those that hold sessions, from 0; another order for each deadline. */
  tickRankOf(dueAt: number): number {
    const own = deadlineHash(this.#node, dueAt)
    let before = 0
    for (const node of this.#sessions.keys()) if (node !== this.#node && deadlineHash(node, dueAt) < own) before += 1
    return before
  }

  /** Writes down a batch. Returns the sessions that somebody else ended while their connections are here. */
  apply({ payload }: Pick<StoreEntry, 'payload'>): (readonly [StaffId, SessionId])[] {
    return payload.events.flatMap((event) => {
      switch (event.type) {
        case 'session.started':
        case 'session.renewed':
          this.#give(payload, event)
          return []
        case 'session.ended': {
          const { staffId, sessionId, cause } = event
          this.#drop(staffId, sessionId)
          const isMine = this.#here.has(sessionKeyOf(staffId, sessionId))
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
  extraEvents(command: Command, { staff }: DeskState): readonly DomainEvent[] {
    if (command.type === 'disconnect') this.#here.delete(sessionKeyOf(command.staffId, command.sessionId))
    if (command.type !== 'connect' && command.type !== 'heartbeat') return []
    const { staffId, sessionId, at } = command
    this.#here.add(sessionKeyOf(staffId, sessionId))
    const leaseUntilAt = staff.get(staffId)?.sessions.get(sessionId)
    if (leaseUntilAt === undefined || this.#owner.get(sessionKeyOf(staffId, sessionId)) === this.#node) return []
    return [{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }]
  }

  /** After a roll call: commands that end the sessions of nodes that have been gone for long enough. */
  onHeartbeat(alive: readonly string[], elapsedMs: number): QueuedCommand[] {
    for (const node of [...this.#missed.keys()]) {
      if (alive.includes(node) || !this.#sessions.has(node)) this.#missed.delete(node)
    }
    return this.otherNodes().flatMap((node) => {
      if (alive.includes(node)) return []
      const since = this.#missed.get(node) ?? elapsedMs
      this.#missed.set(node, since)
      return elapsedMs - since < nodeGoneAfterMs ? [] : this.#endings(node)
    })
  }

  toSessionOwners(): SessionOwners {
    return [...this.#sessions].map(([node, sessions]) => [node, [...sessions.values()]] as const)
  }

  restore(saved: SessionOwners): void {
    this.#owner.clear()
    this.#sessions.clear()
    for (const [node, sessions] of saved) for (const session of sessions) this.#set(node, session)
  }

  #endings(node: string): QueuedCommand[] {
    return [...(this.#sessions.get(node)?.values() ?? [])].map(([staffId, sessionId]) => ({
      commandId: null,
      toCommand: (at: number) => {
        const isStillIts = this.#owner.get(sessionKeyOf(staffId, sessionId)) === node
        return isStillIts ? { type: 'disconnect', staffId, sessionId, at } : null
      },
      detailsOf: null,
    }))
  }

  #give({ src }: StorePayload, { staffId, sessionId }: { readonly staffId: StaffId; readonly sessionId: SessionId }) {
    this.#drop(staffId, sessionId)
    if (src !== undefined) this.#set(src, [staffId, sessionId])
  }

  #set(node: string, session: readonly [StaffId, SessionId]): void {
    const key = sessionKeyOf(...session)
    this.#owner.set(key, node)
    const sessions = this.#sessions.get(node) ?? new Map()
    this.#sessions.set(node, sessions.set(key, session))
  }

  #drop(staffId: StaffId, sessionId: SessionId): void {
    const key = sessionKeyOf(staffId, sessionId)
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

function sessionKeyOf(staffId: StaffId, sessionId: SessionId): string {
  return JSON.stringify([staffId, sessionId])
}

/** A number that looks drawn by lot, and is the same at every node. */
function deadlineHash(node: string, dueAt: number): number {
  let mix = dueAt | 0
  for (let index = 0; index < node.length; index += 1) mix = Math.imul(mix ^ node.charCodeAt(index), 0x9e3779b1)
  return mix >>> 0
}
