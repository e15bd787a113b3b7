import { DeskError } from '../../../src'
import type {
  AppendResult,
  EventLog,
  LogBatch,
  LogEntry,
  LogHead,
  LogSnapshot,
  RollAnswer,
  RollCall,
} from '../../../src/log'
import type { NodeWorld, SimNode } from './sim-node'

const timeoutMs = 1_000

/** A node's way to the engine: it takes time, and messages get lost, come twice or come late. */
export class Wire implements EventLog {
  readonly #world: NodeWorld
  readonly #node: SimNode
  readonly #deliver: (then: () => void) => void
  #generation: number | null = null
  #epoch: number | null = null

  constructor(world: NodeWorld, node: SimNode) {
    this.#world = world
    this.#node = node
    this.#deliver = node.door()
  }

  append(expected: LogHead, batch: LogBatch): Promise<AppendResult> {
    return this.#ask(() => {
      const { engine } = this.#world
      const isAnew = this.#epoch !== null && this.#epoch !== engine.epoch
      this.#epoch = engine.epoch
      if (isAnew) throw new Error('the engine was started anew')
      return engine.append(expected, batch)
    })
  }

  read(after: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#ask((engine) => engine.read(after, limit))
  }

  head(): Promise<LogHead> {
    return this.#ask(({ head: { v, h } }) => ({ v, h }))
  }

  restore(entries: readonly LogEntry[]): Promise<void> {
    return this.#ask((engine) => engine.restore(entries))
  }

  saveSnapshot(snapshot: LogSnapshot): Promise<void> {
    const text = JSON.stringify(snapshot)
    return this.#ask((engine) => engine.saveSnapshot(JSON.parse(text)))
  }

  loadSnapshot(): Promise<LogSnapshot | null> {
    return this.#ask(({ snapshot }) => structuredClone(snapshot))
  }

  barrier(): Promise<void> {
    return this.#ask(() => {})
  }

  rollCall(call: RollCall): Promise<RollAnswer> {
    return this.#ask((engine) => engine.rollCall(call))
  }

  bell(listener: (version?: number) => void): () => void {
    const { engine, agenda, chance, troubles } = this.#world
    const node = this.#node
    return engine.hear((version) => {
      if (node.isCut || (troubles.lossShare > 0 && chance.of(0.05))) return
      agenda.after(this.#delayMs(), () => this.#deliver(() => listener(version)))
    })
  }

  async close(): Promise<void> {}

  #ask<Answer>(doing: (engine: NodeWorld['engine']) => Answer): Promise<Answer> {
    const { agenda, engine, chance, troubles } = this.#world
    const node = this.#node
    return new Promise((resolved, rejected) => {
      const giveUp = node.after(timeoutMs, () => rejected(new Error('no answer in time')))
      const resolve = (answer: Answer) => {
        giveUp()
        resolved(answer)
      }
      const reject = (error: unknown) => {
        giveUp()
        rejected(error)
      }
      if (node.isCut || chance.of(troubles.lossShare)) return
      agenda.after(this.#delayMs(), () => {
        if (engine.isDown) return this.#back(() => reject(new Error('connection refused')))
        try {
          this.#mustLive()
          const answer = doing(engine)
          this.#back(() => resolve(answer))
        } catch (error) {
          this.#back(() => reject(error))
        }
        if (chance.of(troubles.doubleShare)) agenda.after(this.#delayMs() * 3, () => this.#again(doing))
      })
    })
  }

  #back(answer: () => void): void {
    const { agenda, chance, troubles } = this.#world
    const node = this.#node
    if (node.isCut || chance.of(troubles.lossShare)) return
    agenda.after(this.#delayMs(), () => this.#deliver(answer))
  }

  /** The same message once more; nobody hears the answer. */
  #again(doing: (engine: NodeWorld['engine']) => unknown): void {
    if (this.#world.engine.isDown) return
    try {
      this.#mustLive()
      doing(this.#world.engine)
    } catch {
      // As with the first: whoever asked has gone on.
    }
  }

  #mustLive(): void {
    const { generation } = this.#world.engine
    this.#generation ??= generation
    if (this.#generation !== generation) throw new DeskError('closed', 'the desk was erased')
  }

  #delayMs(): number {
    const { chance, troubles } = this.#world
    return chance.of(troubles.slowShare) ? 20 + chance.next() * 400 : 0.2 + chance.next() * 2
  }
}
