import type { CommandInput, Desk, Outcome } from '../../../src'
import { HistoryChecker } from './history-checker'
import { RandomStream } from './random-stream'
import { SimulatedNode } from './simulated-node'
import { allSafetyChecks, type SafetyChecks, SimulatedStore } from './simulated-store'
import { VirtualScheduler } from './virtual-scheduler'

/** A node at a distance from the backend, with a load of its own. */
export interface NodeAtDistance {
  readonly roundTripMs: number
  readonly commandsPerSecond: number
}

export interface FarNodesOptions {
  readonly nodes: readonly NodeAtDistance[]
  readonly seconds: number
  /** Whether commands come at regular intervals; otherwise at random ones. */
  readonly isRegular?: boolean
  readonly safety?: SafetyChecks
}

/** How long the commands of a node have waited, in milliseconds of virtual time. */
export interface AnswerTimes {
  readonly commands: number
  readonly medianMs: number
  readonly maxMs: number
  /** Commands that were answered by no decision: refused as `unavailable` or `outcome-unknown`, by code. */
  readonly failures: Readonly<Record<string, number>>
}

const startAt = 1_800_000_000_000
const drainMs = 20_000

/** Runs nodes at unequal distances from one backend in virtual time, without any fault. */
export async function runFarNodes(options: FarNodesOptions): Promise<readonly AnswerTimes[]> {
  return new FarNodes(options).run()
}

class FarNodes {
  readonly #options: FarNodesOptions
  readonly #scheduler = new VirtualScheduler()
  readonly #random: RandomStream
  readonly #history = new HistoryChecker()
  readonly #nodes: readonly SimulatedNode[]
  readonly #times: { readonly answered: number[]; readonly failures: Record<string, number>; sent: number }[]
  readonly #openRequests: string[] = []
  #count = 0

  constructor(options: FarNodesOptions) {
    const { nodes, safety = allSafetyChecks } = options
    this.#options = options
    this.#random = new RandomStream(1)
    const [scheduler, random] = [this.#scheduler, this.#random]
    const trueTime = () => startAt + scheduler.now
    const backend = new SimulatedStore({ now: () => Math.floor(trueTime()), observer: this.#history, safety })
    const world = {
      scheduler,
      random,
      safety,
      trueTime,
      backend,
      snapshotEntries: 10_000,
      network: { lossShare: 0, doubleShare: 0, slowShare: 0 },
      options: { staff: [{ id: 'ana', capacity: 10_000 }], policy: { requestsPerMinuteMax: 1e6, remindAfterMs: null } },
      onOpened: (_: SimulatedNode, desk: Desk) => desk.on('error', () => {}),
      onFailed: (_: SimulatedNode, error: unknown) => {
        this.#history.violation ??= error
      },
    }
    this.#nodes = nodes.map(({ roundTripMs }, index) => {
      const node = new SimulatedNode(`n${index}`, world)
      node.roundTripMs = roundTripMs
      return node
    })
    this.#times = nodes.map(() => ({ answered: [], failures: {}, sent: 0 }))
  }

  async run(): Promise<readonly AnswerTimes[]> {
    for (const node of this.#nodes) node.start()
    await this.#runFor(4_000)
    const endsAt = this.#scheduler.now + this.#options.seconds * 1_000
    for (const [index, { commandsPerSecond }] of this.#options.nodes.entries())
      if (commandsPerSecond > 0) this.#issueCommands(index, 1_000 / commandsPerSecond, endsAt)
    await this.#runFor(this.#options.seconds * 1_000 + drainMs)
    return this.#times.map(({ answered, failures, sent }) => {
      const sorted = answered.toSorted((a, b) => a - b)
      const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN)
      const unanswered = sent - answered.length
      const codes = unanswered === 0 ? failures : { ...failures, unanswered }
      return { commands: sent, medianMs: at(0.5), maxMs: at(1), failures: codes }
    })
  }

  #runFor(ms: number): Promise<void> {
    return this.#scheduler.runFor(ms, () => {
      if (this.#history.violation !== null) throw this.#history.violation
    })
  }

  #issueCommands(index: number, intervalMs: number, endsAt: number): void {
    const { isRegular = true } = this.#options
    const waitMs = isRegular ? intervalMs : -Math.log(1 - this.#random.next()) * intervalMs
    this.#scheduler.schedule(waitMs, () => {
      if (this.#scheduler.now >= endsAt) return
      this.#issue(index)
      this.#issueCommands(index, intervalMs, endsAt)
    })
  }

  #issue(index: number): void {
    const times = this.#times[index]
    const desk = this.#nodes[index]?.desk
    if (times === undefined || desk == null) return
    const sentMs = this.#scheduler.now
    times.sent += 1
    void desk.execute(this.#nextCommand()).then((outcome: Outcome) => {
      times.answered.push(this.#scheduler.now - sentMs)
      if (outcome.ok || (outcome.code !== 'unavailable' && outcome.code !== 'outcome-unknown')) return
      times.failures[outcome.code] = (times.failures[outcome.code] ?? 0) + 1
    })
  }

  /** Half of the commands open a request, the others accept one, of whichever node. */
  #nextCommand(): CommandInput {
    this.#count += 1
    const requestId = this.#count % 2 === 0 ? this.#openRequests.shift() : undefined
    if (requestId !== undefined) return { type: 'accept', requestId, staffId: 'ana' }
    const opened = `r${this.#count}`
    this.#openRequests.push(opened)
    return { type: 'requestChat', requestId: opened, visitorId: `v${this.#count}` }
  }
}
