import type { CommandInput, Outcome } from '../../../src'
import { type HistoryChecker, violate } from './history-checker'
import type { RandomStream } from './random-stream'
import type { SimulatedNode } from './simulated-node'
import type { VirtualScheduler } from './virtual-scheduler'

/** A command of somebody outside, repeated with the same id at any node until it is answered. */
export interface ClientCommand {
  readonly id: string
  readonly input: CommandInput
  readonly sinceMs: number
  /** Requests that were acknowledged to somebody before this was asked. */
  readonly isAcknowledged: boolean
  outcome: Outcome | null
  /** The life of a node that gave it. */
  answeredBy: string
  tries: number
}

export interface ClientsOptions {
  readonly agenda: VirtualScheduler
  readonly chance: RandomStream
  readonly witness: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  /** A loss that no node could heal was reported: what was acknowledged before may be gone. */
  readonly hasLost: () => boolean
}

const clientTimeoutMs = 3_000

/** Visitors and staff with their browsers: they ask, ask again without an answer, and remember what they were told. */
export class Clients {
  readonly commands: ClientCommand[] = []
  readonly requests: string[] = []
  /** Requests that a visitor was told are open, by id. */
  readonly acknowledged = new Set<string>()
  readonly #parts: ClientsOptions
  #count = 0

  constructor(parts: ClientsOptions) {
    this.#parts = parts
  }

  get unansweredCount(): number {
    return this.commands.filter(({ outcome }) => outcome === null).length
  }

  send(input: CommandInput, isTwice = false): void {
    const { agenda } = this.#parts
    this.#count += 1
    const isAcknowledged = 'requestId' in input && this.acknowledged.has(input.requestId ?? '')
    const id = `command-${this.#count}`
    const asked: ClientCommand = {
      id,
      input,
      sinceMs: agenda.now,
      isAcknowledged,
      outcome: null,
      answeredBy: '',
      tries: 0,
    }
    this.commands.push(asked)
    this.#attempt(asked)
    if (isTwice) this.#attempt(asked)
  }

  /** After an erasure nothing that was told before holds. */
  reset(): void {
    this.commands.splice(0)
    this.requests.splice(0)
    this.acknowledged.clear()
  }

  #attempt(asked: ClientCommand): void {
    if (asked.outcome !== null || !this.commands.includes(asked)) return
    const { agenda, chance, nodes, witness } = this.#parts
    const up = nodes.filter(({ isUp }) => isUp)
    asked.tries += 1
    const again = () => agenda.schedule(50 + chance.next() * 200, () => this.#attempt(asked))
    if (up.length === 0) return void again()
    const node = chance.pick(up)
    const { incarnation } = node
    const wasStored = witness.versionOfCommand(asked.id) !== undefined
    const giveUp = agenda.schedule(clientTimeoutMs, () => this.#attempt(asked))
    const given = { ...asked.input, commandId: asked.id } as CommandInput
    node.desk?.execute(given).then(
      (outcome) => {
        giveUp()
        try {
          this.#recordAnswer(asked, outcome, wasStored)
          asked.answeredBy ||= incarnation
        } catch (error) {
          witness.violation ??= error
        }
      },
      () => {
        giveUp()
        again()
      },
    )
  }

  #recordAnswer(asked: ClientCommand, outcome: Outcome, wasStored: boolean): void {
    if (!this.commands.includes(asked)) return
    const { hasLost } = this.#parts
    const { input, id } = asked
    if (!outcome.ok && wasStored && !hasLost()) violate('L2', `${id} is in the log, and was answered ${outcome.code}`)
    if (!outcome.ok && outcome.code === 'unknown-request' && asked.isAcknowledged && !hasLost()) {
      violate('P4', `${id}: a node that lags knows nothing of a request that was acknowledged before`)
    }
    // Who was asked before it was done may answer from before: a refusal, or what was there already.
    const done = wasStored ? JSON.stringify(this.#parts.witness.outcomeOf(id) ?? outcome) : null
    if (done !== null && done !== JSON.stringify(outcome) && !hasLost()) {
      violate('I7', `${id} was answered ${JSON.stringify(outcome)} after ${done}`)
    }
    asked.outcome ??= outcome
    if (input.type !== 'requestChat' || !outcome.ok || !('requestId' in outcome)) return
    this.acknowledged.add(String(outcome.requestId))
    if (!this.requests.includes(String(outcome.requestId))) this.requests.push(String(outcome.requestId))
  }
}
