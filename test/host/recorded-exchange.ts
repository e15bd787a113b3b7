import { readdirSync, readFileSync } from 'node:fs'
import { vi } from 'vitest'
import { type CommandInput, type Desk, type ManualClock, manualClock, openDesk, type VisitorView } from '../../src'
import { type PortalConnection, serveStaff } from '../../src/host'
import {
  type ClientMessage,
  createPortal,
  type Portal,
  type PortalCommand,
  type PortalOutcome,
  type PortalView,
  type ServerConnection,
  type ServerMessage,
} from '../../src/portal'
import { root } from '../repository-checks/source-file'
import { waitUntilSent } from './attached-portals'

/** One line of a recording. docs/reference/protocol.md says what each means. */
export type ExchangeLine = ExchangeInput | ExchangeOutput

/** What happens at the desk, on the connection and at the page. */
export type ExchangeInput =
  | { readonly note: string }
  | { readonly open: true }
  | { readonly close: true }
  | { readonly lose: number }
  | { readonly afterMs: number }
  | { readonly desk: CommandInput }
  | { readonly revoke: string }
  | { readonly user: PortalCommand }

/** What server and page do about it. */
export type ExchangeOutput =
  | { readonly server: ServerMessage }
  | { readonly lost: ServerMessage }
  | { readonly client: ClientMessage }
  | { readonly outcome: PortalOutcome }
  | { readonly visitor: VisitorView }
  | { readonly revoked: string }
  | { readonly screen: PortalView }

const outputs = ['server', 'lost', 'client', 'outcome', 'visitor', 'revoked', 'screen']
const folder = `${root}test/fixtures/protocol/`

export const exchangeNames = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()

export const exchangePath = (name: string) => folder + name

export function readExchange(name: string): ExchangeLine[] {
  return readFileSync(exchangePath(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

export function isInput(line: ExchangeLine): line is ExchangeInput {
  return !outputs.some((key) => key in line)
}

/** Ana's screen at a desk in virtual time, which writes down what is sent and shown. */
export class ExchangeRecorder {
  readonly lines: ExchangeLine[] = []
  readonly #clock: ManualClock
  readonly #desk: Desk
  readonly #revoke: (requestId: string) => void
  readonly #server
  readonly #portal: Portal
  #connection: PortalConnection | undefined
  #client: ServerConnection | undefined
  #shown: PortalView
  #losses = 0

  private constructor(desk: Desk, clock: ManualClock) {
    this.#desk = desk
    this.#clock = clock
    const on = vi.spyOn(desk, 'on')
    this.#server = serveStaff(desk, { now: () => clock.now(), flushMs: 0 })
    const listeners = on.mock.calls.filter(([type]) => type === 'assignment.revoked').map(([, listener]) => listener)
    on.mockRestore()
    this.#revoke = (requestId) => {
      const { version } = desk
      for (const listener of listeners) (listener as (event: object) => void)({ staffId: 'ana', requestId, version })
    }
    this.#portal = createPortal('ana', { now: () => clock.now() })
    this.#portal.onVisitor((visitor) => this.lines.push({ visitor }))
    this.#portal.onRevoked((revoked) => this.lines.push({ revoked }))
    this.#shown = this.#portal.getSnapshot()
  }

  static async open(): Promise<ExchangeRecorder> {
    const clock = manualClock(1_000_000)
    const staff = [
      { id: 'ana', name: 'Ana' },
      { id: 'bo', name: 'Bo' },
    ]
    return new ExchangeRecorder(await openDesk({ clock, staff, policy: { wrapUpMs: 0 } }), clock)
  }

  /** Plays a line, and writes it down with all that follows from it. */
  async play(line: ExchangeInput): Promise<void> {
    this.lines.push(line)
    if ('open' in line) this.#openConnection()
    else if ('close' in line) this.#closeConnection()
    else if ('lose' in line) this.#losses = line.lose
    else if ('desk' in line) await this.#desk.execute(line.desk)
    else if ('revoke' in line) this.#revoke(line.revoke)
    else if ('afterMs' in line) {
      this.#clock.advance(line.afterMs)
      await this.#desk.idle()
      vi.advanceTimersByTime(line.afterMs)
    } else if ('user' in line) {
      void this.#portal.execute(line.user).then((outcome) => this.lines.push({ outcome }))
    }
    this.#writeScreen()
    for (let round = 0; round < 3; round += 1) await waitUntilSent(this.#desk)
    this.#writeScreen()
  }

  async close(): Promise<void> {
    this.#closeConnection()
    this.#server.close()
    await this.#desk.close()
  }

  #openConnection(): void {
    this.#client = this.#portal.open((client) => {
      this.lines.push({ client })
      void this.#connection?.receive(JSON.parse(JSON.stringify(client)))
    })
    const send = (_: ServerMessage, text: () => string) => {
      const isLost = this.#losses > 0
      this.#losses -= Number(isLost)
      const received: ServerMessage = JSON.parse(text())
      this.lines.push(isLost ? { lost: received } : { server: received })
      if (!isLost) this.#client?.receive(received)
    }
    this.#connection = this.#server.attach({ staffId: 'ana', send })
  }

  #closeConnection(): void {
    this.#client?.close()
    this.#connection?.detach()
  }

  #writeScreen(): void {
    const screen = this.#portal.getSnapshot()
    if (screen !== this.#shown) this.lines.push({ screen })
    this.#shown = screen
  }
}
