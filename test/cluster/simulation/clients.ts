import type { CommandInput, Outcome } from '../../../src'
import { isFailure } from '../../../src/desk/api/outcome'
import { type HistoryChecker, violate } from './history-checker'
import type { RandomStream } from './random-stream'
import type { SimulatedNode } from './simulated-node'
import type { VirtualScheduler } from './virtual-scheduler'

/** A command of a client, repeated with the same id at any node until it is answered. */
export interface ClientCommand {
  readonly id: string
  readonly input: CommandInput
  readonly sinceMs: number
  /** Whether its request was acknowledged to a client before. */
  readonly isAcknowledged: boolean
  outcome: Outcome | null
  /** The incarnation of the node that answered. */
  answeredBy: string
  attempts: number
}

export interface ClientsOptions {
  readonly scheduler: VirtualScheduler
  readonly random: RandomStream
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  /** Returns whether a loss that no node could repair was reported: acknowledged requests may be lost. */
  readonly hasLost: () => boolean
}

const clientTimeoutMs = 3_000

/** Visitors and staff: they send commands, repeat them when no answer comes, and record the answers. */
export class Clients {
  readonly commands: ClientCommand[] = []
  readonly requests: string[] = []
  /** Ids of the requests whose opening was acknowledged to a visitor. */
  readonly acknowledged = new Set<string>()
  readonly #options: ClientsOptions
  #count = 0

  constructor(options: ClientsOptions) {
    this.#options = options
  }

  get unansweredCount(): number {
    return this.commands.filter(({ outcome }) => outcome === null).length
  }

  send(input: CommandInput, isDuplicated = false): void {
    const { scheduler } = this.#options
    this.#count += 1
    const isAcknowledged = 'requestId' in input && this.acknowledged.has(input.requestId ?? '')
    const id = `command-${this.#count}`
    const command: ClientCommand = {
      id,
      input,
      sinceMs: scheduler.now,
      isAcknowledged,
      outcome: null,
      answeredBy: '',
      attempts: 0,
    }
    this.commands.push(command)
    this.#attempt(command)
    if (isDuplicated) this.#attempt(command)
  }

  /** Forgets all answers, which do not hold after an erasure. */
  reset(): void {
    this.commands.splice(0)
    this.requests.splice(0)
    this.acknowledged.clear()
  }

  #attempt(command: ClientCommand): void {
    if (command.outcome !== null || !this.commands.includes(command)) return
    const { scheduler, random, nodes, history } = this.#options
    const up = nodes.filter(({ isUp }) => isUp)
    command.attempts += 1
    const retry = () => scheduler.schedule(50 + random.next() * 200, () => this.#attempt(command))
    if (up.length === 0) return void retry()
    const node = random.pick(up)
    const { incarnation } = node
    const wasStored = history.versionOfCommand(command.id) !== undefined
    const cancelTimeout = scheduler.schedule(clientTimeoutMs, () => this.#attempt(command))
    const input = { ...command.input, commandId: command.id } as CommandInput
    node.desk?.execute(input).then((outcome) => {
      cancelTimeout()
      if (isFailure(outcome)) return retry()
      try {
        this.#recordAnswer(command, outcome, wasStored)
        command.answeredBy ||= incarnation
      } catch (error) {
        history.violation ??= error
      }
    })
  }

  #recordAnswer(command: ClientCommand, outcome: Outcome, wasStored: boolean): void {
    if (!this.commands.includes(command)) return
    const { hasLost } = this.#options
    const { input, id } = command
    if (!outcome.ok && wasStored && !hasLost()) violate('L2', `${id} is in the store, and was answered ${outcome.code}`)
    if (!outcome.ok && outcome.code === 'unknown-request' && command.isAcknowledged && !hasLost()) {
      violate('P4', `${id}: a node that lags knows nothing of a request that was acknowledged before`)
    }
    // A node that received it before it was stored may answer from before: a refusal, or an existing request.
    const stored = wasStored ? JSON.stringify(this.#options.history.outcomeOf(id) ?? outcome) : null
    if (stored !== null && stored !== JSON.stringify(outcome) && !hasLost()) {
      violate('I7', `${id} was answered ${JSON.stringify(outcome)} after ${stored}`)
    }
    command.outcome ??= outcome
    if (input.type !== 'requestChat' || !outcome.ok || !('requestId' in outcome)) return
    this.acknowledged.add(String(outcome.requestId))
    if (!this.requests.includes(String(outcome.requestId))) this.requests.push(String(outcome.requestId))
  }
}
