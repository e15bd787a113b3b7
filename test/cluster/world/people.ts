import type { CommandInput, Outcome } from '../../../src'
import type { Agenda } from './agenda'
import type { Chance } from './chance'
import type { SimNode } from './sim-node'
import { broken, type Witness } from './witness'

/** A command of somebody outside, repeated with the same id at any node until it is answered. */
export interface Asked {
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

export interface PeopleParts {
  readonly agenda: Agenda
  readonly chance: Chance
  readonly witness: Witness
  readonly nodes: readonly SimNode[]
  /** A loss that no node could heal was reported: what was acknowledged before may be gone. */
  readonly hasLost: () => boolean
}

const clientTimeoutMs = 3_000

/** Visitors and staff with their browsers: they ask, ask again without an answer, and remember what they were told. */
export class People {
  readonly asked: Asked[] = []
  readonly requests: string[] = []
  /** Requests that a visitor was told are open, by id. */
  readonly acknowledged = new Set<string>()
  readonly #parts: PeopleParts
  #count = 0

  constructor(parts: PeopleParts) {
    this.#parts = parts
  }

  get open(): number {
    return this.asked.filter(({ outcome }) => outcome === null).length
  }

  ask(input: CommandInput, isTwice = false): void {
    const { agenda } = this.#parts
    this.#count += 1
    const isAcknowledged = 'requestId' in input && this.acknowledged.has(input.requestId ?? '')
    const id = `command-${this.#count}`
    const asked: Asked = { id, input, sinceMs: agenda.now, isAcknowledged, outcome: null, answeredBy: '', tries: 0 }
    this.asked.push(asked)
    this.#try(asked)
    if (isTwice) this.#try(asked)
  }

  /** After an erasure nothing that was told before holds. */
  forget(): void {
    this.asked.splice(0)
    this.requests.splice(0)
    this.acknowledged.clear()
  }

  #try(asked: Asked): void {
    if (asked.outcome !== null || !this.asked.includes(asked)) return
    const { agenda, chance, nodes, witness } = this.#parts
    const up = nodes.filter(({ isUp }) => isUp)
    asked.tries += 1
    const again = () => agenda.after(50 + chance.next() * 200, () => this.#try(asked))
    if (up.length === 0) return void again()
    const node = chance.pick(up)
    const { incarnation } = node
    const wasInLog = witness.answered(asked.id) !== undefined
    const giveUp = agenda.after(clientTimeoutMs, () => this.#try(asked))
    const given = { ...asked.input, commandId: asked.id } as CommandInput
    node.desk?.execute(given).then(
      (outcome) => {
        giveUp()
        try {
          this.#answered(asked, outcome, wasInLog)
          asked.answeredBy ||= incarnation
        } catch (error) {
          witness.complaint ??= error
        }
      },
      () => {
        giveUp()
        again()
      },
    )
  }

  #answered(asked: Asked, outcome: Outcome, wasInLog: boolean): void {
    if (!this.asked.includes(asked)) return
    const { hasLost } = this.#parts
    const { input, id } = asked
    if (!outcome.ok && wasInLog && !hasLost()) broken('L2', `${id} is in the log, and was answered ${outcome.code}`)
    if (!outcome.ok && outcome.code === 'unknown-request' && asked.isAcknowledged && !hasLost()) {
      broken('P4', `${id}: a node that lags knows nothing of a request that was acknowledged before`)
    }
    // Who was asked before it was done may answer from before: a refusal, or what was there already.
    const done = wasInLog ? JSON.stringify(this.#parts.witness.outcomeOf(id) ?? outcome) : null
    if (done !== null && done !== JSON.stringify(outcome) && !hasLost()) {
      broken('I7', `${id} was answered ${JSON.stringify(outcome)} after ${done}`)
    }
    asked.outcome ??= outcome
    if (input.type !== 'requestChat' || !outcome.ok || !('requestId' in outcome)) return
    this.acknowledged.add(String(outcome.requestId))
    if (!this.requests.includes(String(outcome.requestId))) this.requests.push(String(outcome.requestId))
  }
}
