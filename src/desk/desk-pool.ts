import { DeskError, describeValue, InvalidInputError } from '../core'
import type { Desk } from './desk'
import { openDesk } from './open-desk'
import type { DeskOptions } from './parse/desk-options'

/** The desks of many tenants in one process, each opened at its first use. */
export interface DeskPool {
  /**
   * Returns a tenant's desk. Call it for each use and do not keep the desk: an unused empty desk is closed.
   * @throws InvalidInputError for a malformed name; what opening throws; DeskError `closed` after `close`.
   */
  desk(name: string): Promise<Desk>
  /** Names of the desks that are open now. */
  readonly open: readonly string[]
  /** Closes all desks. */
  close(): Promise<void>
}

/** What `createDeskPool` is called with. */
export interface DeskPoolOptions {
  /** Returns the options of a tenant's desk; each tenant needs a store of its own, all of them may share a client. */
  readonly optionsOf: (name: string) => DeskOptions | Promise<DeskOptions>
  /** An empty desk that was not used for so many milliseconds is closed. Default 600 000. */
  readonly closeAfterMs?: number
}

interface PooledDesk {
  readonly desk: Promise<Desk>
  usedAtMs: number
}

/** Opens desks lazily, one for each tenant, and closes those that are empty and unused. */
export function createDeskPool(options: DeskPoolOptions): DeskPool {
  return new LazyDeskPool(options)
}

class LazyDeskPool implements DeskPool {
  readonly #options: DeskPoolOptions
  readonly #closeAfterMs: number
  readonly #opened = new Map<string, PooledDesk>()
  readonly #closing = new Map<string, Promise<void>>()
  readonly #timer: ReturnType<typeof setInterval>
  #isClosed = false

  constructor(options: DeskPoolOptions) {
    this.#options = options
    this.#closeAfterMs = options.closeAfterMs ?? 600_000
    this.#timer = setInterval(() => void this.#closeUnused(), Math.max(10, this.#closeAfterMs / 4))
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  get open(): readonly string[] {
    return [...this.#opened.keys()]
  }

  async desk(name: string): Promise<Desk> {
    if (this.#isClosed) throw new DeskError('closed', 'expected open desks, got ones that were closed')
    checkTenantName(name)
    const known = this.#opened.get(name)
    if (known !== undefined) {
      known.usedAtMs = performance.now()
      return known.desk
    }
    const opened = { desk: this.#open(name), usedAtMs: performance.now() }
    this.#opened.set(name, opened)
    // A desk that was closed or erased in its store cannot recover: the next use opens a new one.
    const closeWhenFinal = (desk: Desk) =>
      desk.on('node.stale', ({ error }) => error.code === 'closed' && this.#close(name, opened, desk))
    opened.desk.then(closeWhenFinal, () => this.#forget(name, opened))
    return opened.desk
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    const open = [...this.#opened.values()]
    this.#opened.clear()
    await Promise.allSettled(open.map(async ({ desk }) => (await desk).close()))
    await Promise.allSettled(this.#closing.values())
  }

  async #open(name: string): Promise<Desk> {
    await this.#closing.get(name)
    return openDesk(await this.#options.optionsOf(name))
  }

  async #closeUnused(): Promise<void> {
    const before = performance.now() - this.#closeAfterMs
    for (const [name, opened] of [...this.#opened]) {
      if (opened.usedAtMs > before) continue
      const desk = await opened.desk.catch(() => null)
      if (desk?.isEmpty !== true || opened.usedAtMs > before || this.#opened.get(name) !== opened) continue
      this.#close(name, opened, desk)
    }
  }

  /** Closes a desk; the next one of its name is opened after that. */
  #close(name: string, opened: PooledDesk, desk: Desk): void {
    this.#forget(name, opened)
    const closing = Promise.all([this.#closing.get(name), desk.close()]).then(() => {
      if (this.#closing.get(name) === closing) this.#closing.delete(name)
    })
    this.#closing.set(name, closing)
  }

  #forget(name: string, opened: PooledDesk): void {
    if (this.#opened.get(name) === opened) this.#opened.delete(name)
  }
}

function checkTenantName(name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name)) return
  throw new InvalidInputError([
    { path: ['name'], expected: '1 to 64 of A-Z, a-z, 0-9, _ and -', got: describeValue(name) },
  ])
}
