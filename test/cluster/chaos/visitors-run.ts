import { delay } from '../../../src/testing/contract/store-fixture'
import { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import type { NodeReport } from './node-protocol'
import type { NodeUnderTest } from './node-under-test'
import { VisitorPage } from './visitor-page'

/** What happens to the nodes while visitors wait. */
export const visitorFaults = ['kill-node', 'stop-node', 'start-node', 'stall-backend', 'kill-all-nodes'] as const
export type VisitorFault = (typeof visitorFaults)[number]

export interface VisitorsRunOptions {
  readonly backend: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly fault: VisitorFault
  readonly seed: number
}

export interface VisitorsResult {
  readonly fault: VisitorFault
  readonly summary: string
  /** The violated guarantees. */
  readonly violations: readonly string[]
}

const pageCount = 18
const goodbyes = 3
const reloads = 3
const reloadMs = 1_000
const stallMs = 9_000
/** How long no process runs: as long as the wait for a visitor, shorter than a heartbeat counts. */
const outageMs = 2_000
const policy = { visitorLeaseMs: 3_000, abandonAfterMs: 2_000 }
/** By then every visitor who has gone is given up: two leases after a restart, the wait, and the nodes' work. */
const goneWithinMs = 2 * policy.visitorLeaseMs + policy.abandonAfterMs + 4_000

/** Opens a new desk on three nodes, to which visitors' pages are connected, and injects one fault while they wait. */
export class VisitorsRun {
  readonly #options: VisitorsRunOptions
  readonly #random: RandomStream
  readonly #desk: string
  readonly #ports = new Map<NodeUnderTest, number>()
  readonly #pages: VisitorPage[] = []
  readonly #violations: string[] = []

  constructor(options: VisitorsRunOptions) {
    this.#options = options
    this.#random = new RandomStream(options.seed)
    this.#desk = `visitors-${options.fault}-${options.seed}`
  }

  async run(): Promise<VisitorsResult> {
    const { nodes, fault, backend, seed } = this.#options
    for (const node of nodes) node.unexpectedExits.length = 0
    for (const node of fault === 'start-node' ? nodes.slice(1) : nodes) await this.#serve(node)
    this.#openPages()
    await this.#waitUntil('every visitor has a request', 20_000, () =>
      this.#pages.every(({ requestIds }) => requestIds.size > 0),
    )
    for (const page of this.#pages.slice(0, goodbyes)) page.leave()
    for (const page of this.#pages.slice(goodbyes, goodbyes + reloads)) page.reload(reloadMs)
    await delay(100)
    await this.#inject()
    const endedAt = Date.now()
    await this.#waitUntil('every page that stays is connected', 15_000, () =>
      this.#pages.every(({ isGone, isConnected }) => isGone || isConnected),
    )
    await delay(Math.max(0, endedAt + goneWithinMs - Date.now()))
    await this.#check()
    const gone = this.#pages.filter(({ isGone }) => isGone).length
    for (const page of this.#pages) page.leave()
    for (const node of nodes) await node.execute({ to: 'close', desk: this.#desk }, 15_000).catch(() => {})
    const counts = `${gone} of ${pageCount} pages gone, ${this.#violations.length} violations`
    return {
      fault,
      summary: `${backend.kind} visitors ${fault} seed ${seed}: ${counts}`,
      violations: this.#violations,
    }
  }

  #openPages(): void {
    const ports = () => [...this.#ports.values()]
    for (let index = 0; index < pageCount; index += 1)
      this.#pages.push(new VisitorPage({ visitorId: `visitor-${index}`, random: this.#random, ports }))
  }

  async #serve(node: NodeUnderTest): Promise<void> {
    const desk = this.#desk
    await node.execute({ to: 'open', desk, staffIds: ['ana'], screens: [], skewMs: 0, replicas: 0, policy }, 30_000)
    this.#ports.set(node, Number(await node.execute({ to: 'serveVisitors', desk }, 5_000)))
  }

  async #inject(): Promise<void> {
    const { nodes, fault } = this.#options
    const node = this.#random.pick(nodes)
    switch (fault) {
      case 'kill-node':
        return this.#restart([node], () => node.kill())
      case 'kill-all-nodes':
        return this.#restart(nodes, async () => {
          await Promise.all(nodes.map((each) => each.kill()))
          await delay(outageMs)
        })
      case 'stop-node':
        return this.#restart([node], async () => {
          const code = await node.stop()
          if (code !== 0) this.#violations.push(`a node that was stopped ended with ${code}`)
        })
      case 'start-node':
        return this.#serve(nodes[0] ?? node)
      case 'stall-backend':
        for (const { proxy } of nodes) proxy.cut()
        await delay(stallMs)
        for (const { proxy } of nodes) proxy.restore()
        return
      default:
        return fault satisfies never
    }
  }

  /** Half of the pages at these nodes do not come back. */
  async #restart(nodes: readonly NodeUnderTest[], end: () => Promise<unknown>): Promise<void> {
    const ports = nodes.map((node) => this.#ports.get(node))
    const pages = this.#pages.filter(({ port, isConnected }) => isConnected && ports.includes(port))
    for (const page of pages) if (this.#random.bernoulli(0.5)) page.vanish()
    for (const node of nodes) this.#ports.delete(node)
    await end()
    await Promise.all(
      nodes.map(async (node) => {
        await node.start()
        await this.#serve(node)
      }),
    )
  }

  /** No visitor who stayed is lost, no visitor who has gone is kept, no process has ended, and all nodes agree. */
  async #check(): Promise<void> {
    const { nodes, backend } = this.#options
    for (const node of nodes) for (const exit of node.unexpectedExits) this.#violations.push(`a process ended: ${exit}`)
    let [same, attempts] = [false, 0]
    for (; !same && attempts < 50; attempts += 1) {
      const reports = nodes.map(
        (node) => node.execute({ to: 'report', desk: this.#desk }, 5_000) as Promise<NodeReport>,
      )
      same = new Set((await Promise.all(reports)).map(({ state }) => state)).size === 1
      if (!same) await delay(100)
    }
    if (!same) this.#violations.push(`the nodes differ after ${attempts} comparisons`)
    const requests = new Map<string, { readonly id: string; outcome: string | null }[]>()
    const store = backend.storeOf(this.#desk)
    let v = 0
    for (let entries = await store.read(v, 1_000); entries.length > 0; entries = await store.read(v, 1_000)) {
      for (const event of entries.flatMap(({ payload }) => payload.events)) {
        if (event.type === 'request.opened')
          requests.set(event.visitorId, [
            ...(requests.get(event.visitorId) ?? []),
            { id: event.requestId, outcome: null },
          ])
        if (event.type !== 'request.closed') continue
        for (const request of [...requests.values()].flat())
          if (request.id === event.requestId) request.outcome = event.outcome
      }
      v = entries.at(-1)?.v ?? v
    }
    for (const page of this.#pages) this.#checkPage(page, requests.get(page.visitorId) ?? [])
  }

  #checkPage(
    { visitorId, isGone, requestIds }: VisitorPage,
    requests: readonly { readonly id: string; readonly outcome: string | null }[],
  ): void {
    const found = JSON.stringify(requests)
    if (requests.length !== 1 || requestIds.size !== 1 || !requestIds.has(requests[0]?.id ?? ''))
      this.#violations.push(`${visitorId} was answered ${[...requestIds]}, and the store has ${found}`)
    const expected = isGone ? 'abandoned' : null
    if (requests.some(({ outcome }) => outcome !== expected))
      this.#violations.push(`${visitorId} ${isGone ? 'has gone' : 'is here'}, and the store has ${found}`)
  }

  async #waitUntil(what: string, forMs: number, holds: () => boolean): Promise<void> {
    for (const until = Date.now() + forMs; Date.now() < until; await delay(50)) if (holds()) return
    this.#violations.push(`not within ${forMs} ms: ${what}`)
  }
}
