import { delay } from '../../../src/testing/contract/store-fixture'
import { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import { type ChaosFault, injectFault } from './inject-fault'
import type { NodeReport } from './node-protocol'
import type { NodeUnderTest } from './node-under-test'

export interface ChaosOptions {
  readonly backend: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly fault: ChaosFault
  readonly seed: number
  readonly requests: number
}

export interface ChaosResult {
  readonly fault: ChaosFault
  readonly summary: string
  /** The violated guarantees. */
  readonly violations: readonly string[]
}

const staffCount = 30
const racersMax = 6
const clientTimeoutMs = 1_200
const openAttemptsMax = 10
/** How far two of the nodes are from the backend in a run with far nodes: the delay in each direction. */
const delaysMs = [100, 50, 0]
/** By then a node has answered or refused, however far it is. */
const answeredWithinMs = 5_000
/** Clock errors of the nodes in a run with wrong clocks. */
const skewsMs = [5_000, -5_000, 0]

/** Runs a new desk on three nodes: many requests, racing accepts at all nodes, and one fault in the middle. */
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
  readonly #random: RandomStream
  readonly #desk: string
  readonly #staffIds = Array.from({ length: staffCount }, (_, index) => `staff-${index}`)
  readonly #winners = new Map<string, Set<string>>()
  readonly #violations: string[] = []
  #commands = 0
  #retries = 0
  #count = 0

  constructor(options: ChaosOptions) {
    this.#options = options
    this.#random = new RandomStream(options.seed)
    this.#desk = `chaos-${options.fault}-${options.seed}`
  }

  async run(): Promise<ChaosResult> {
    const { nodes, requests, fault, seed, backend } = this.#options
    const startedAt = Date.now()
    if (fault === 'split-brain' || fault === 'promote-replica') await backend.replicate?.()
    if (this.#isFar) for (const [index, node] of nodes.entries()) node.proxy.delayMs = delaysMs[index] ?? 0
    for (const index of nodes.keys()) await this.#openDesk(index)
    const connecting = this.#staffIds.map((staffId) => this.#send({ type: 'connect', staffId, sessionId: 'desktop' }))
    await Promise.all(connecting)
    const faultInjection = this.#injectFaultAt(Math.floor(requests / 4))
    const lifecycles: Promise<void>[] = []
    for (this.#count = 0; this.#count < requests; this.#count += 1) {
      lifecycles.push(this.#requestLifecycle(`r${this.#count}`))
      await delay((this.#isFar ? 60 : 4) + this.#random.next() * 8)
    }
    await Promise.all([faultInjection, ...lifecycles])
    await this.#compareNodes()
    await this.#checkHistory()
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
    const counts = `${this.#commands} commands, ${this.#retries} retries, ${this.#violations.length} violations`
    for (const node of nodes) node.proxy.delayMs = 0
    for (const node of nodes) await node.execute({ to: 'close', desk: this.#desk }, 15_000).catch(() => {})
    return {
      fault,
      summary: `${backend.kind} ${fault} seed ${seed}: ${requests} requests, ${counts}, ${seconds} s`,
      violations: this.#violations,
    }
  }

  /** Whether two nodes are far from the backend: then every command has its answer at the first attempt. */
  get #isFar(): boolean {
    return this.#options.fault === 'far-node'
  }

  async #requestLifecycle(requestId: string): Promise<void> {
    await this.#send({ type: 'requestChat', requestId, visitorId: `visitor of ${requestId}` })
    if (this.#random.bernoulli(0.1))
      await this.#send({ type: 'snooze', requestId, staffId: this.#random.pick(this.#staffIds), forMs: 150 })
    const racers = Array.from({ length: 2 + this.#random.integerBelow(racersMax - 1) }, () =>
      this.#random.pick(this.#staffIds),
    )
    await Promise.all([...new Set(racers)].map((staffId) => this.#accept(requestId, staffId)))
    if (this.#random.bernoulli(0.5)) await this.#send({ type: 'end', requestId })
  }

  async #accept(requestId: string, staffId: string): Promise<void> {
    const answer = await this.#send({ type: 'accept', requestId, staffId })
    if (answer.ok) this.#winners.set(requestId, (this.#winners.get(requestId) ?? new Set()).add(staffId))
    else if (answer.code !== 'taken') this.#violations.push(`${staffId} received ${answer.code} for ${requestId}`)
  }

  /** Sends a command with the same id to random nodes until one answers, as a client does. */
  async #send(input: object): Promise<Answer> {
    const { nodes } = this.#options
    this.#commands += 1
    const commandId = `${this.#desk}-${this.#commands}`
    for (;;) {
      const node = this.#random.pick(nodes)
      try {
        return (await node.execute(
          { to: 'execute', desk: this.#desk, input: { ...input, commandId } },
          this.#isFar ? answeredWithinMs : clientTimeoutMs,
        )) as Answer
      } catch (error) {
        if (this.#isFar) this.#violations.push(`${commandId}: ${error}`)
        this.#retries += 1
        await delay(50 + this.#random.next() * 100)
      }
    }
  }

  /** Opens the desk at a node, again and again while the backend does not answer, as whatever starts processes does. */
  async #openDesk(index: number): Promise<void> {
    const screens = this.#staffIds.filter((_, n) => n % this.#options.nodes.length === index)
    const { fault } = this.#options
    const skewMs = fault === 'wrong-clocks' ? (skewsMs[index] ?? 0) : 0
    const options = { screens, skewMs, replicas: fault === 'split-brain' ? 1 : 0 }
    const command = { to: 'open', desk: this.#desk, staffIds: this.#staffIds, ...options } as const
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#options.nodes[index]?.execute(command, 30_000)
        return
      } catch (error) {
        if (attempt === openAttemptsMax || !/failed to open the store/.test(String(error))) throw error
        await delay(500)
      }
    }
  }

  async #injectFaultAt(count: number): Promise<void> {
    while (this.#count < count) await delay(20)
    const { nodes, backend, fault } = this.#options
    const open = (index: number) => this.#openDesk(index)
    const violate = (violation: string) => void this.#violations.push(violation)
    await injectFault(fault, { nodes, backend, random: this.#random, desk: this.#desk, open, violate })
  }

  /** Waits until every node has the same state, and every screen shows it. */
  async #compareNodes(): Promise<void> {
    const { nodes } = this.#options
    for (let attempt = 0; ; attempt += 1) {
      await delay(100)
      const calls = nodes.map(
        (node) => node.execute({ to: 'report', desk: this.#desk }, clientTimeoutMs) as Promise<NodeReport>,
      )
      const reports = await Promise.all(calls).catch(() => [])
      const isSame =
        reports.length === nodes.length &&
        reports.every(({ state, mismatchedScreens }) => state === reports[0]?.state && mismatchedScreens.length === 0)
      if (isSame) return
      if (attempt < 100) continue
      for (const [index, { version, mismatchedScreens, reports: received }] of reports.entries()) {
        this.#violations.push(
          `node ${index} at ${version} differs; screens ${mismatchedScreens}; received ${received.slice(-3)}`,
        )
      }
      return
    }
  }

  /** Checks that every acknowledged command is in the store once, and that nothing in it is early. */
  async #checkHistory(): Promise<void> {
    const store = this.#options.backend.storeOf(this.#desk)
    const report = (await this.#options.nodes[0]?.execute(
      { to: 'report', desk: this.#desk },
      clientTimeoutMs,
    )) as NodeReport
    const accepted = new Map<string, string[]>()
    const snoozes = new Map<string, number>()
    let [opened, v] = [0, 0]
    const isTrimmed = ['trim-store', 'delete-entries'].includes(this.#options.fault)
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
    if (v !== report.version) this.#violations.push(`the store ends at ${v}, the nodes at ${report.version}`)
    if (!isTrimmed && opened !== requests) this.#violations.push(`${opened} of ${requests} requests are in the store`)
    for (const [requestId, winners] of this.#winners) {
      const written = accepted.get(requestId)
      if (winners.size !== 1) this.#violations.push(`${requestId} was given to ${[...winners]}`)
      if (written === undefined && isTrimmed) continue
      if (written?.length !== 1 || !winners.has(written[0] ?? '')) {
        this.#violations.push(`${requestId}: the store has ${written}, and ${[...winners]} received ok`)
      }
    }
    if (this.#winners.size !== requests)
      this.#violations.push(`${this.#winners.size} of ${requests} requests have a winner`)
  }
}
