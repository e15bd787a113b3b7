import { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import { type ChaosFault, injectFault } from './inject-fault'
import type { NodeReport } from './node-protocol'
import type { NodeUnderTest } from './node-under-test'

export interface ChaosOptions {
  readonly engine: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly fault: ChaosFault
  readonly seed: number
  readonly requests: number
}

export interface ChaosResult {
  readonly fault: ChaosFault
  readonly summary: string
  /** What must never happen, and did. */
  readonly violations: readonly string[]
}

const staffCount = 30
const racersMax = 6
const clientTimeoutMs = 1_200
/** How far the nodes' clocks are from the right time where they are wrong. */
const skewsMs = [5_000, -5_000, 0]

/** A desk of its own on three nodes: many requests, racing accepts from everywhere, and one fault in the middle. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  return new ChaosRun(options).run()
}

interface Answer {
  readonly ok: boolean
  readonly code?: string
  readonly requestId?: string
  readonly assignmentId?: string
}

class ChaosRun {
  readonly #options: ChaosOptions
  readonly #chance: RandomStream
  readonly #desk: string
  readonly #staffIds = Array.from({ length: staffCount }, (_, index) => `staff-${index}`)
  readonly #winners = new Map<string, Set<string>>()
  readonly #violations: string[] = []
  #commands = 0
  #again = 0
  #count = 0

  constructor(options: ChaosOptions) {
    this.#options = options
    this.#chance = new RandomStream(options.seed)
    this.#desk = `chaos-${options.fault}-${options.seed}`
  }

  async run(): Promise<ChaosResult> {
    const { nodes, requests, fault, seed, engine } = this.#options
    const began = Date.now()
    if (fault === 'split-brain') await engine.replicate?.()
    for (const index of nodes.keys()) await this.#openDesk(index)
    const connecting = this.#staffIds.map((staffId) => this.#send({ type: 'connect', staffId, sessionId: 'desktop' }))
    await Promise.all(connecting)
    const breaking = this.#injectFaultAt(Math.floor(requests / 4))
    const lives: Promise<void>[] = []
    for (this.#count = 0; this.#count < requests; this.#count += 1) {
      lives.push(this.#requestLifecycle(`r${this.#count}`))
      await pause(4 + this.#chance.next() * 8)
    }
    await Promise.all([breaking, ...lives])
    await this.#compareNodes()
    await this.#checkHistory()
    const took = ((Date.now() - began) / 1_000).toFixed(1)
    const told = `${this.#commands} commands, ${this.#again} asked again, ${this.#violations.length} violations`
    for (const node of nodes) await node.execute({ to: 'close', desk: this.#desk }, 15_000).catch(() => {})
    return {
      fault,
      summary: `${engine.kind} ${fault} seed ${seed}: ${requests} requests, ${told}, ${took} s`,
      violations: this.#violations,
    }
  }

  async #requestLifecycle(requestId: string): Promise<void> {
    await this.#send({ type: 'requestChat', requestId, visitorId: `visitor of ${requestId}` })
    if (this.#chance.bernoulli(0.1))
      await this.#send({ type: 'snooze', requestId, staffId: this.#chance.pick(this.#staffIds), forMs: 150 })
    const racers = Array.from({ length: 2 + this.#chance.integerBelow(racersMax - 1) }, () =>
      this.#chance.pick(this.#staffIds),
    )
    await Promise.all([...new Set(racers)].map((staffId) => this.#accept(requestId, staffId)))
    if (this.#chance.bernoulli(0.5)) await this.#send({ type: 'end', requestId })
  }

  async #accept(requestId: string, staffId: string): Promise<void> {
    const answer = await this.#send({ type: 'accept', requestId, staffId })
    if (answer.ok) this.#winners.set(requestId, (this.#winners.get(requestId) ?? new Set()).add(staffId))
    else if (answer.code !== 'taken') this.#violations.push(`${staffId} was told ${answer.code} for ${requestId}`)
  }

  /** As a client does: the same id again, at any node, until somebody answers. */
  async #send(input: object): Promise<Answer> {
    const { nodes } = this.#options
    this.#commands += 1
    const commandId = `${this.#desk}-${this.#commands}`
    for (;;) {
      const node = this.#chance.pick(nodes)
      try {
        return (await node.execute(
          { to: 'do', desk: this.#desk, input: { ...input, commandId } },
          clientTimeoutMs,
        )) as Answer
      } catch {
        this.#again += 1
        await pause(50 + this.#chance.next() * 100)
      }
    }
  }

  async #openDesk(index: number): Promise<void> {
    const screens = this.#staffIds.filter((_, n) => n % this.#options.nodes.length === index)
    const { fault } = this.#options
    const skewMs = fault === 'wrong-clocks' ? (skewsMs[index] ?? 0) : 0
    const surroundings = { screens, skewMs, replicas: fault === 'split-brain' ? 1 : 0 }
    const order = { to: 'open', desk: this.#desk, staffIds: this.#staffIds, ...surroundings } as const
    await this.#options.nodes[index]?.execute(order, 30_000)
  }

  async #injectFaultAt(count: number): Promise<void> {
    while (this.#count < count) await pause(20)
    const { nodes, engine, fault } = this.#options
    const open = (index: number) => this.#openDesk(index)
    await injectFault(fault, { nodes, engine, chance: this.#chance, desk: this.#desk, open })
  }

  /** At rest every node has the same state, and every screen shows it. */
  async #compareNodes(): Promise<void> {
    const { nodes } = this.#options
    for (let tries = 0; ; tries += 1) {
      await pause(100)
      const looks = nodes.map(
        (node) => node.execute({ to: 'look', desk: this.#desk }, clientTimeoutMs) as Promise<NodeReport>,
      )
      const looked = await Promise.all(looks).catch(() => [])
      const isSame =
        looked.length === nodes.length &&
        looked.every(({ state, mismatchedScreens }) => state === looked[0]?.state && mismatchedScreens.length === 0)
      if (isSame) return
      if (tries < 100) continue
      for (const [index, { version, mismatchedScreens, reports }] of looked.entries()) {
        this.#violations.push(
          `node ${index} at ${version} differs; screens ${mismatchedScreens}; told ${reports.slice(-3)}`,
        )
      }
      return
    }
  }

  /** What was told holds in the log, once, and nothing in it came before its time. */
  async #checkHistory(): Promise<void> {
    const store = this.#options.engine.storeOf(this.#desk)
    const looked = (await this.#options.nodes[0]?.execute(
      { to: 'look', desk: this.#desk },
      clientTimeoutMs,
    )) as NodeReport
    const accepted = new Map<string, string[]>()
    const snoozes = new Map<string, number>()
    let [opened, v] = [0, 0]
    const isTrimmed = this.#options.fault === 'trim-log'
    for (let entries = await store.read(v, 1_000); entries.length > 0; entries = await store.read(v, 1_000)) {
      for (const entry of entries) {
        if (!isTrimmed && entry.v !== v + 1) this.#violations.push(`version ${entry.v} follows ${v}`)
        v = entry.v
        for (const event of entry.payload.events) {
          if (event.at > entry.t) this.#violations.push(`${event.type} of ${event.at} was written at ${entry.t}`)
          if (event.type === 'request.opened') opened += 1
          if (event.type === 'request.muted' && event.untilAt !== null)
            snoozes.set(`${event.requestId} ${event.staffId}`, event.untilAt)
          if (event.type === 'snooze.ended' && (snoozes.get(`${event.requestId} ${event.staffId}`) ?? 0) > entry.t) {
            this.#violations.push(`the snooze of ${event.requestId} ended early`)
          }
          if (event.type !== 'request.accepted') continue
          accepted.set(event.requestId, [...(accepted.get(event.requestId) ?? []), event.staffId])
        }
      }
    }
    const { requests } = this.#options
    if (v !== looked.version) this.#violations.push(`the log ends at ${v}, the nodes at ${looked.version}`)
    if (!isTrimmed && opened !== requests) this.#violations.push(`${opened} of ${requests} requests are in the log`)
    for (const [requestId, winners] of this.#winners) {
      const written = accepted.get(requestId)
      if (winners.size !== 1) this.#violations.push(`${requestId} was given to ${[...winners]}`)
      if (written === undefined && isTrimmed) continue
      if (written?.length !== 1 || !winners.has(written[0] ?? '')) {
        this.#violations.push(`${requestId}: the log says ${written}, and ${[...winners]} was told yes`)
      }
    }
    if (this.#winners.size !== requests)
      this.#violations.push(`${this.#winners.size} of ${requests} requests have a winner`)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
