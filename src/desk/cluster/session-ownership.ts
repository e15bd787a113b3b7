import {
  type Command,
  type DeskState,
  type DomainEvent,
  hashText,
  type SessionEnd,
  type SessionId,
  type VisitorId,
} from '../../core'
import type { StoreEntry } from '../../store'
import type { QueuedCommand } from '../runtime/desk-runtime'

/** A session of a staff member, or of a visitor. */
export type OwnedSession = readonly [id: string, sessionId: SessionId, kind?: 'visitor']

/** Which sessions each node holds, as a snapshot keeps it. */
export type SessionOwners = readonly (readonly [node: string, sessions: readonly OwnedSession[]])[]

/** A node whose heartbeat is still missing so long after it was first missed has ended. */
export const nodeGoneAfterMs = 3_000

/**
 * Which node owns which session, of staff and of visitors. A session belongs to the node that wrote its latest start or
 * renewal; when that node has ended, any other node ends the session, once. A visitor's session that the host counts
 * belongs to no node.
 */
export class SessionOwnership {
  readonly #nodeId: string
  readonly #ownerBySessionKey = new Map<string, string>()
  readonly #sessionsByNode = new Map<string, Map<string, OwnedSession>>()
  /** The sessions whose connections are at this node, by key, also where the store names another owner. */
  readonly #connectedHere = new Map<string, OwnedSession>()
  /** The nodes that owned a session before its owner: each may notice late that its connection has closed. */
  readonly #formerOwners = new Map<string, Set<string>>()
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

  /**
   * Applies an entry. Returns the sessions that another node ended while their connections are here: it took this node
   * for gone, or it owned the session before and noticed late that its connection has closed. Any other goodbye counts.
   */
  apply({ payload }: Pick<StoreEntry, 'payload'>): OwnedSession[] {
    return payload.events.flatMap((event) => {
      switch (event.type) {
        case 'session.started':
        case 'session.renewed':
        case 'visitorSession.started':
        case 'visitorSession.renewed':
          this.#assign(payload.src, sessionOf(event))
          return []
        case 'session.ended':
        case 'visitorSession.ended': {
          const session = sessionOf(event)
          const isStillHere = this.#isEndedInError(session, event.cause, payload.src)
          this.#remove(session)
          this.#formerOwners.delete(sessionKeyOf(session))
          if (isStillHere) return [session]
          this.#connectedHere.delete(sessionKeyOf(session))
          return []
        }
        case 'staff.removed':
          this.#removeAllOf(event.staffId)
          return []
        default:
          return []
      }
    })
  }

  /**
   * Returns the event that moves a session to this node, for a command of a session that another node owns. Records
   * whether the session's connection is here.
   */
  extraEvents(command: Command, state: DeskState): readonly DomainEvent[] {
    switch (command.type) {
      case 'disconnect':
        this.#connectedHere.delete(sessionKeyOf(sessionOf(command)))
        return []
      case 'visitorLeft':
        this.#connectedHere.delete(sessionKeyOf([command.visitorId, command.sessionId ?? '', 'visitor']))
        return []
      case 'connect':
      case 'heartbeat': {
        const { staffId, sessionId, at } = command
        const leaseUntilAt = state.staff.get(staffId)?.sessions.get(sessionId)
        return this.#moveHere([staffId, sessionId]) && leaseUntilAt !== undefined
          ? [{ type: 'session.renewed', staffId, sessionId, leaseUntilAt, at }]
          : []
      }
      case 'visitorArrived':
      case 'visitorHeartbeat': {
        const { visitorId, sessionId = '', at } = command
        const leaseUntilAt = state.visitors.get(visitorId)?.sessions.get(sessionId)
        return sessionId !== '' && this.#moveHere([visitorId, sessionId, 'visitor']) && leaseUntilAt !== undefined
          ? [{ type: 'visitorSession.renewed', visitorId, sessionId, leaseUntilAt, at }]
          : []
      }
      default:
        return []
    }
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
      return elapsedMs - sinceMs < nodeGoneAfterMs ? [] : this.#endCommands(node)
    })
  }

  /** Records the goodbyes in entries that this node has not applied: the connections are no longer here. */
  recordGoodbyes(entries: readonly StoreEntry[]): void {
    for (const event of entries.flatMap(({ payload }) => payload.events)) {
      const isEnd = event.type === 'session.ended' || event.type === 'visitorSession.ended'
      if (isEnd && event.cause === 'disconnected') this.#connectedHere.delete(sessionKeyOf(sessionOf(event)))
    }
  }

  /** Returns the sessions whose connections are here and which a state lacks. */
  missingIn({ staff, visitors }: DeskState): OwnedSession[] {
    return [...this.#connectedHere.values()].filter(([id, sessionId, kind]) => {
      const holder = kind === 'visitor' ? visitors.get(id) : staff.get(id)
      return holder?.sessions.has(sessionId) !== true
    })
  }

  toSessionOwners(): SessionOwners {
    return [...this.#sessionsByNode].map(([node, sessions]) => [node, [...sessions.values()]] as const)
  }

  restore(saved: SessionOwners): void {
    this.#ownerBySessionKey.clear()
    this.#sessionsByNode.clear()
    this.#formerOwners.clear()
    for (const [node, sessions] of saved) for (const session of sessions) this.#add(node, session)
  }

  #isEndedInError(session: OwnedSession, cause: SessionEnd, node: string | undefined): boolean {
    const key = sessionKeyOf(session)
    if (!this.#connectedHere.has(key) || node === undefined || node === this.#nodeId) return false
    return cause === 'node-gone' || (cause === 'disconnected' && this.#formerOwners.get(key)?.has(node) === true)
  }

  /** Records that the connection is here. Returns whether another node owns the session. */
  #moveHere(session: OwnedSession): boolean {
    const key = sessionKeyOf(session)
    this.#connectedHere.set(key, session)
    return this.#ownerBySessionKey.get(key) !== this.#nodeId
  }

  #endCommands(node: string): QueuedCommand[] {
    return [...(this.#sessionsByNode.get(node)?.values() ?? [])].map((session) => ({
      commandId: null,
      toCommand: (at: number) => {
        const isOwner = this.#ownerBySessionKey.get(sessionKeyOf(session)) === node
        return isOwner ? endCommandOf(session, at) : null
      },
      detailsOf: null,
    }))
  }

  #assign(node: string | undefined, session: OwnedSession): void {
    const key = sessionKeyOf(session)
    const former = this.#ownerBySessionKey.get(key)
    if (former !== undefined && former !== node) this.#addFormerOwner(key, former)
    this.#remove(session)
    if (node !== undefined && session[1] !== '') this.#add(node, session)
  }

  #addFormerOwner(key: string, node: string): void {
    const nodes = this.#formerOwners.get(key) ?? new Set<string>()
    this.#formerOwners.set(key, nodes.add(node))
  }

  #add(node: string, session: OwnedSession): void {
    const key = sessionKeyOf(session)
    this.#ownerBySessionKey.set(key, node)
    const sessions = this.#sessionsByNode.get(node) ?? new Map<string, OwnedSession>()
    this.#sessionsByNode.set(node, sessions.set(key, session))
  }

  #remove(session: OwnedSession): void {
    const key = sessionKeyOf(session)
    const node = this.#ownerBySessionKey.get(key)
    if (node === undefined) return
    this.#ownerBySessionKey.delete(key)
    const sessions = this.#sessionsByNode.get(node)
    sessions?.delete(key)
    if (sessions?.size === 0) this.#sessionsByNode.delete(node)
  }

  #removeAllOf(staffId: string): void {
    for (const sessions of [...this.#sessionsByNode.values()]) {
      for (const session of [...sessions.values()]) {
        if (session[0] !== staffId || session[2] !== undefined) continue
        this.#remove(session)
        this.#formerOwners.delete(sessionKeyOf(session))
      }
    }
  }
}

/** Returns the command that ends a session whose process is gone. */
export function endCommandOf([id, sessionId, kind]: OwnedSession, at: number): Command {
  return kind === 'visitor'
    ? { type: 'visitorLeft', visitorId: id, sessionId, isNodeGone: true, at }
    : { type: 'disconnect', staffId: id, sessionId, isNodeGone: true, at }
}

/**
 * Returns the commands that make a visitor whose request is opened again as present, or as far gone, in the history
 * `after` as in the lost one: who is gone must not ring for ever. One session with a lease is enough: pages that live
 * send heartbeats.
 */
export function presenceCommands(visitorId: VisitorId, before: DeskState, after: DeskState): QueuedCommand[] {
  if (isAway(before, visitorId)) return goodbyeCommand(visitorId, before, after)
  const visitor = before.visitors.get(visitorId)
  const sessionId = longestSession(visitor?.sessions ?? new Map())
  if (visitor === undefined || sessionId === undefined) return []
  const { facts } = visitor
  const toCommand = (at: number, state: DeskState): Command | null => {
    const current = state.visitors.get(visitorId)
    const isKnown = current !== undefined && (!current.isPresent || current.sessions.size > 0)
    return isKnown ? null : { type: 'visitorArrived', visitorId, sessionId, facts, at }
  }
  return [{ commandId: null, toCommand, isConnectedElsewhere: true, detailsOf: null }]
}

/** Returns the command for the goodbye of a lost event, when the visitor has a request in the history `after`. */
export function goodbyeCommands(event: DomainEvent, before: DeskState, after: DeskState): QueuedCommand[] {
  if (event.type !== 'visitor.left' || !after.requestsByVisitor.has(event.visitorId)) return []
  return isAway(before, event.visitorId) ? goodbyeCommand(event.visitorId, before, after) : []
}

/** Leaves sessions with a lease to that, and does not send away a visitor who has arrived anew since. */
function goodbyeCommand(visitorId: VisitorId, before: DeskState, after: DeskState): QueuedCommand[] {
  const arrivedAtIn = ({ visitors }: DeskState) => visitors.get(visitorId)?.arrivedAt ?? 0
  if (arrivedAtIn(after) > arrivedAtIn(before)) return []
  return [{ commandId: null, toCommand: (at) => ({ type: 'visitorLeft', visitorId, at }), detailsOf: null }]
}

function isAway({ requestsByVisitor, visitors }: DeskState, visitorId: VisitorId): boolean {
  const requests = [requestsByVisitor.get(visitorId) ?? []].flat()
  if (requests.length === 0) return visitors.get(visitorId)?.isPresent !== true
  return requests.every(({ detail }) => detail?.visitorLeftAt != null)
}

/** Returns the session without a lease, or that whose lease lasts longest. */
function longestSession(sessions: ReadonlyMap<SessionId, number | null>): SessionId | undefined {
  const ends = [...sessions].map(([id, leaseUntilAt]) => [id, leaseUntilAt ?? Number.POSITIVE_INFINITY] as const)
  return ends.toSorted(([, one], [, other]) => other - one)[0]?.[0]
}

type SessionReference =
  | { readonly staffId: string; readonly sessionId: SessionId }
  | { readonly visitorId: string; readonly sessionId: SessionId }

function sessionOf(reference: SessionReference): OwnedSession {
  const { sessionId } = reference
  return 'visitorId' in reference ? [reference.visitorId, sessionId, 'visitor'] : [reference.staffId, sessionId]
}

function sessionKeyOf(session: OwnedSession): string {
  return JSON.stringify(session)
}
