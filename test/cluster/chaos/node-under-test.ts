import { type ChildProcess, fork } from 'node:child_process'
import type { BackendUnderTest } from './backend-under-test'
import type { NodeCommand } from './node-protocol'
import type { TcpProxy } from './tcp-proxy'

type NodeCommandInput = NodeCommand extends infer Each ? (Each extends NodeCommand ? Omit<Each, 'id'> : never) : never

/** A node in a process of its own, which the harness kills, suspends and starts. */
export class NodeUnderTest {
  readonly proxy: TcpProxy
  /** The codes or signals with which its process ended by itself. */
  readonly unexpectedExits: string[] = []
  readonly #backend: BackendUnderTest
  readonly #script: string
  #process: ChildProcess | null = null
  readonly #ending = new WeakSet<ChildProcess>()
  #count = 0
  readonly #pending = new Map<string, { answer: (value: unknown) => void; fail: (error: Error) => void }>()

  constructor(backend: BackendUnderTest, proxy: TcpProxy, script: string) {
    this.#backend = backend
    this.proxy = proxy
    this.#script = script
  }

  get isUp(): boolean {
    return this.#process !== null
  }

  start(): Promise<void> {
    const child = fork(this.#script, [this.#backend.kind, this.#backend.urlAt(this.proxy.port)], { execArgv: [] })
    return new Promise((ready, failed) => {
      child.on('error', failed)
      child.on('message', (message: { id: string; answer?: unknown; error?: string }) => {
        if (message.id === 'ready') {
          this.#process = child
          return ready()
        }
        const pending = this.#pending.get(message.id)
        this.#pending.delete(message.id)
        if (message.error === undefined) pending?.answer(message.answer)
        else pending?.fail(new Error(message.error))
      })
      child.once('exit', (code, signal) => {
        if (!this.#ending.has(child)) this.unexpectedExits.push(`${signal ?? code}`)
        if (this.#process === child) this.#process = null
        for (const { fail } of this.#pending.values()) fail(new Error('the process has ended'))
        this.#pending.clear()
      })
    })
  }

  /** Rejects when the process fails, ends, or does not answer in time. */
  execute(command: NodeCommandInput, timeoutMs: number): Promise<unknown> {
    this.#count += 1
    const id = `${this.#count}`
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id)
        reject(new Error(`no answer to ${command.to} in ${timeoutMs} ms`))
      }, timeoutMs)
      const settled = <Value>(settle: (value: Value) => void) => {
        return (value: Value) => {
          clearTimeout(timer)
          settle(value)
        }
      }
      this.#pending.set(id, { answer: settled(resolve), fail: settled(reject) })
      if (this.#process?.connected !== true) this.#pending.get(id)?.fail(new Error('the process is not running'))
      else this.#process.send({ ...command, id }, (error) => error && this.#pending.get(id)?.fail(error))
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Stops the process as a deployment does. Resolves with its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process
    if (child === null) return Promise.resolve(null)
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    this.#ending.add(child)
    child.kill(signal)
    return ended
  }

  async close(): Promise<void> {
    await this.kill()
    this.proxy.close()
  }
}
