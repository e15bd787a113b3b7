import { type Command, type DeskState, type DomainEvent, hashText, type SessionId, type StaffId } from '../../core'
import type { StoreEntry, StorePayload } from '../../store'
import type { QueuedCommand } from '../runtime/desk-runtime'

/** Which sessions each node holds, as a snapshot keeps it. */
export type SessionOwners = readonly (readonly [node: string, sessions: readonly (readonly [StaffId, SessionId])[]])[]

/** A node without a heartbeat for so long after it was first missed is gone. */
export const nodeGoneAfterMs = 3_000

/**
 * Which node owns which session. A session belongs to the node that wrote its latest `session.started` or
 * `session.renewed`; when that node is gone, any other node ends it, once.
 */
export class SessionOwnership {
  readonly #nodeId: string
  readonly #ownerBySessionKey = new Map<string, string>()
  readonly #sessionsByNode = new Map<string, Map<string, readonly [StaffId, SessionId]>>()
  /** Keys of the sessions whose connections are at this node, whatever the store says. */
  readonly #connectedHere = new Set<string>()
  /** Nodes whose heartbeat was missing at the last check, and since when. */
  readonly #missingSinceMs = new Map<string, number>()

  constructor(nodeId: string) {
    this.#nodeId = nodeId
  }

  /** Returns the other nodes that own sessions. */
  otherNodes(): string[] {
    return [...this.#sessionsByNode.keys()].filter((node) => node !== this.#nodeId)
  }

  get holdsSessions(): boolean {
    return this.#sessionsByNode.has(this.#nodeId)
  }

  /** Returns this node's rank among those that own sessions, from 0; the order differs between deadlines. */
  tickRankOf(dueAt: number): number {
    const own = hashText(`${this.#nodeId}/${dueAt}`)
    return this.otherNodes().filter((node) => hashText(`${node}/${dueAt}`) < own).length
  }

  /** Applies an entry. Returns the sessions that another node ended while their connections are here. */
  apply({ payload }: Pick<StoreEntry, 'payload'>): (readonly [StaffId, SessionId])[] {
    return payload.events.flatMap((event) => {
      switch (event.type) {
        case 'session.started':
        case 'session.renewed':
          this.#assign(payload, event)
          return []
        case 'session.ended': {
          const { staffId, sessionId, cause } = event
          this.#remove(staffId, sessionId)
          const isHere = this.#connectedHere.has(sessionKeyOf(staffId, sessionId))
          const isByOther = cause === 'disconnected' && payload.src !== this.#nodeId
          return isHere && isByOther ? [[staffId, sessionId] as const] : []
        }
        case 'staff.removed':
          this.#removeAllOf(event.staffId)
          return []
        default:
          return []
      }
    })
  }

  /** Returns the event that moves a session to this node: for a command of a session that another node owns. */
  extraEvents(command: Command, { staff }: DeskState): readonly DomainEvent[] {
    if (command.type === 'disconnect') this.#connectedHere.delete(sessionKeyOf(command.staffId, command.sessionId))
    if (command.type !== 'connect' && command.type !== 'heartbeat') return []
    const { staffId, sessionId, at } = command
    this.#connectedHere.add(sessionKeyOf(staffId, sessionId))
    const leaseUntilAt = staff.get(staffId)?.sessions.get(sessionId)
    if (leaseUntilAt === undefined || this.#ownerBySessionKey.get(sessionKeyOf(staffId, sessionId)) === this.#nodeId)
      return []
    return [{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }]
  }

  /** Returns commands that end the sessions of the nodes whose heartbeats have been missing for long enough. */
  endSessionsOfMissingNodes(alive: readonly string[], elapsedMs: number): QueuedCommand[] {
    for (const node of [...this.#missingSinceMs.keys()]) {
      if (alive.includes(node) || !this.#sessionsByNode.has(node)) this.#missingSinceMs.delete(node)
    }
    return this.otherNodes().flatMap((node) => {
      if (alive.includes(node)) return []
      const sinceMs = this.#missingSinceMs.get(node) ?? elapsedMs
      this.#missingSinceMs.set(node, sinceMs)
      return elapsedMs - sinceMs < nodeGoneAfterMs ? [] : this.#disconnectCommands(node)
    })
  }

  toSessionOwners(): SessionOwners {
    return [...this.#sessionsByNode].map(([node, sessions]) => [node, [...sessions.values()]] as const)
  }

  restore(saved: SessionOwners): void {
    this.#ownerBySessionKey.clear()
    this.#sessionsByNode.clear()
    for (const [node, sessions] of saved) for (const session of sessions) this.#add(node, session)
  }

  #disconnectCommands(node: string): QueuedCommand[] {
    return [...(this.#sessionsByNode.get(node)?.values() ?? [])].map(([staffId, sessionId]) => ({
      commandId: null,
      toCommand: (at: number) => {
        const isOwner = this.#ownerBySessionKey.get(sessionKeyOf(staffId, sessionId)) === node
        return isOwner ? { type: 'disconnect', staffId, sessionId, at } : null
      },
      detailsOf: null,
    }))
  }

  #assign({ src }: StorePayload, { staffId, sessionId }: { readonly staffId: StaffId; readonly sessionId: SessionId }) {
    this.#remove(staffId, sessionId)
    if (src !== undefined) this.#add(src, [staffId, sessionId])
  }

  #add(node: string, session: readonly [StaffId, SessionId]): void {
    const key = sessionKeyOf(...session)
    this.#ownerBySessionKey.set(key, node)
    const sessions = this.#sessionsByNode.get(node) ?? new Map()
    this.#sessionsByNode.set(node, sessions.set(key, session))
  }

  #remove(staffId: StaffId, sessionId: SessionId): void {
    const key = sessionKeyOf(staffId, sessionId)
    const node = this.#ownerBySessionKey.get(key)
    if (node === undefined) return
    this.#ownerBySessionKey.delete(key)
    const sessions = this.#sessionsByNode.get(node)
    sessions?.delete(key)
    if (sessions?.size === 0) this.#sessionsByNode.delete(node)
  }

  #removeAllOf(staffId: StaffId): void {
    for (const sessions of [...this.#sessionsByNode.values()]) {
      for (const [owner, sessionId] of [...sessions.values()]) if (owner === staffId) this.#remove(staffId, sessionId)
    }
  }
}

function sessionKeyOf(staffId: StaffId, sessionId: SessionId): string {
  return JSON.stringify([staffId, sessionId])
}
