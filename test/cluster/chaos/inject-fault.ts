import type { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import type { BackendKind } from './node-protocol'
import type { NodeUnderTest } from './node-under-test'

/** A fault in the middle of a run. */
export type ChaosFault =
  | 'kill-node'
  | 'kill-backend'
  | 'restart-backend'
  | 'lose-newest-entries'
  | 'flush-store'
  | 'cut-network'
  | 'split-network'
  | 'split-brain'
  | 'pause-node'
  | 'trim-store'
  | 'wrong-clocks'
  | 'far-node'

const commonFaults: readonly ChaosFault[] = [
  'kill-node',
  'kill-backend',
  'lose-newest-entries',
  'split-network',
  'trim-store',
  'wrong-clocks',
  'restart-backend',
  'cut-network',
  'pause-node',
  'far-node',
]

/** Returns the faults of a backend, each once. */
export function faultsFor(kind: BackendKind): readonly ChaosFault[] {
  return kind === 'redis' ? [...commonFaults, 'flush-store', 'split-brain'] : commonFaults
}

export interface FaultTarget {
  readonly backend: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly random: RandomStream
  readonly desk: string
  /** Opens the desk again at a node that was restarted. */
  readonly open: (index: number) => Promise<void>
}

/** Injects a fault, and ends it after a while. */
export async function injectFault(fault: ChaosFault, parts: FaultTarget): Promise<void> {
  const { backend, nodes, random, desk } = parts
  const index = random.integerBelow(nodes.length)
  const node = nodes[index]
  const others = nodes.filter((each) => each !== node)
  if (node === undefined) return
  switch (fault) {
    case 'kill-node':
      await node.kill()
      await node.start()
      return parts.open(index)
    case 'kill-backend':
    case 'restart-backend':
      await backend.stop(fault === 'kill-backend' ? 'SIGKILL' : 'SIGTERM')
      await pause(300)
      return backend.start()
    case 'lose-newest-entries':
      return whileCut(nodes, () => backend.loseNewestEntries(desk, 1 + random.integerBelow(20)))
    case 'flush-store':
      return backend.flush?.()
    case 'cut-network':
      return whileCut([node], () => pause(2_000))
    case 'split-network':
      return whileCut(others, () => pause(2_000))
    case 'split-brain':
      return splitBrain(backend, node, others)
    case 'pause-node':
      return whilePaused(node, () => pause(2_500))
    case 'trim-store':
      return whilePaused(node, async () => {
        await pause(1_000)
        await others[0]?.execute({ to: 'trim', desk }, 5_000)
        await pause(200)
      })
    case 'wrong-clocks':
    case 'far-node':
      return // The whole run has it.
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

/** Connects two nodes to a promoted replica, while one stays with the old primary, which goes on as well. */
async function splitBrain(
  backend: BackendUnderTest,
  node: NodeUnderTest,
  others: readonly NodeUnderTest[],
): Promise<void> {
  const port = (await backend.promote?.()) ?? backend.port
  for (const { proxy } of others) proxy.redirect(port)
  await pause(1_500)
  await backend.rejoin?.()
  node.proxy.redirect(port)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
