import type { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import type { BackendKind } from './node-protocol'
import type { NodeUnderTest } from './node-under-test'

/** What breaks in the middle of a run. */
export type ChaosFault =
  | 'kill-node'
  | 'kill-engine'
  | 'restart-engine'
  | 'lose-tail'
  | 'flush-log'
  | 'cut-network'
  | 'split-network'
  | 'split-brain'
  | 'pause-node'
  | 'trim-log'
  | 'wrong-clocks'

const commonFaults: readonly ChaosFault[] = [
  'kill-node',
  'kill-engine',
  'lose-tail',
  'split-network',
  'trim-log',
  'wrong-clocks',
  'restart-engine',
  'cut-network',
  'pause-node',
]

/** The faults that an engine can be put through, each once. */
export function faultsFor(kind: BackendKind): readonly ChaosFault[] {
  return kind === 'redis' ? [...commonFaults, 'flush-log', 'split-brain'] : commonFaults
}

export interface FaultTarget {
  readonly engine: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly chance: RandomStream
  readonly desk: string
  /** Opens the desk again at a node that was started anew. */
  readonly open: (index: number) => Promise<void>
}

/** Breaks something, and mends it after a while. */
export async function injectFault(fault: ChaosFault, parts: FaultTarget): Promise<void> {
  const { engine, nodes, chance, desk } = parts
  const index = chance.integerBelow(nodes.length)
  const node = nodes[index]
  const others = nodes.filter((each) => each !== node)
  if (node === undefined) return
  switch (fault) {
    case 'kill-node':
      await node.kill()
      await node.start()
      return parts.open(index)
    case 'kill-engine':
    case 'restart-engine':
      await engine.stop(fault === 'kill-engine' ? 'SIGKILL' : 'SIGTERM')
      await pause(300)
      return engine.start()
    case 'lose-tail':
      return whileCut(nodes, () => engine.loseNewestEntries(desk, 1 + chance.integerBelow(20)))
    case 'flush-log':
      return engine.flush?.()
    case 'cut-network':
      return whileCut([node], () => pause(2_000))
    case 'split-network':
      return whileCut(others, () => pause(2_000))
    case 'split-brain':
      return splitBrain(engine, node, others)
    case 'pause-node':
      return whilePaused(node, () => pause(2_500))
    case 'trim-log':
      return whilePaused(node, async () => {
        await pause(1_000)
        await others[0]?.execute({ to: 'trim', desk }, 5_000)
        await pause(200)
      })
    case 'wrong-clocks':
      return // The whole run has them.
    default:
      return fault satisfies never
  }
}

async function whileCut(nodes: readonly NodeUnderTest[], act: () => Promise<void>): Promise<void> {
  for (const { proxy } of nodes) proxy.cut()
  await act()
  for (const { proxy } of nodes) proxy.restore()
}

async function whilePaused(node: NodeUnderTest, act: () => Promise<void>): Promise<void> {
  node.signal('SIGSTOP')
  await act()
  node.signal('SIGCONT')
}

/** Two nodes are led to a replica that takes over, while one stays with the old engine, which goes on as well. */
async function splitBrain(
  engine: BackendUnderTest,
  node: NodeUnderTest,
  others: readonly NodeUnderTest[],
): Promise<void> {
  const port = (await engine.promote?.()) ?? engine.port
  for (const { proxy } of others) proxy.redirect(port)
  await pause(1_500)
  await engine.rejoin?.()
  node.proxy.redirect(port)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
