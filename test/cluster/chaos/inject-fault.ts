import { delay } from '../../../src/testing/contract/store-fixture'
import type { RandomStream } from '../simulation/random-stream'
import type { BackendUnderTest } from './backend-under-test'
import type { BackendKind, NodeReport } from './node-protocol'
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
  | 'open-after-loss'
  | 'refuse-writes'
  | 'delete-entries'
  | 'full-disk'
  | 'promote-replica'

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
  'open-after-loss',
  'refuse-writes',
  'delete-entries',
]

/** Returns the faults of a backend, each once. */
export function faultsFor(kind: BackendKind): readonly ChaosFault[] {
  return kind === 'redis' ? [...commonFaults, 'flush-store', 'split-brain', 'full-disk'] : commonFaults
}

/** A replica or standby takes over without the newest entries. */
export const failoverFaults: readonly ChaosFault[] = ['promote-replica']

export interface FaultTarget {
  readonly backend: BackendUnderTest
  readonly nodes: readonly NodeUnderTest[]
  readonly random: RandomStream
  readonly desk: string
  /** Opens the desk again at a node that was restarted. */
  readonly open: (index: number) => Promise<void>
  /** Records that a guarantee is violated. */
  readonly violate: (violation: string) => void
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
      await delay(300)
      return backend.start()
    case 'lose-newest-entries':
      return whileCut(nodes, () => backend.loseNewestEntries(desk, 1 + random.integerBelow(20)))
    case 'flush-store':
      return backend.flush?.()
    case 'cut-network':
      return whileCut([node], () => delay(2_000))
    case 'split-network':
      return whileCut(others, () => delay(2_000))
    case 'split-brain':
      return splitBrain(backend, node, others)
    case 'pause-node':
      return whilePaused(node, () => delay(2_500))
    case 'trim-store':
      return whilePaused(node, async () => {
        await delay(1_000)
        await others[0]?.execute({ to: 'trim', desk }, 5_000)
        await delay(200)
      })
    case 'open-after-loss':
      return openAfterLoss(parts, index, others)
    case 'delete-entries':
      return deleteEntries(parts, index)
    case 'refuse-writes':
      await backend.refuseWrites(true)
      await expectAllStale(parts)
      return backend.refuseWrites(false)
    case 'full-disk':
      await backend.fillDisk?.(true)
      await expectAllStale(parts)
      return backend.fillDisk?.(false)
    case 'promote-replica':
      return promoteReplica(parts)
    case 'wrong-clocks':
    case 'far-node':
      return // The whole run has it.
    default:
      return fault satisfies never
  }
}

/** The nodes that hold the lost entries come back after their clients' back-off; another one opens before. */
async function openAfterLoss(parts: FaultTarget, index: number, others: readonly NodeUnderTest[]): Promise<void> {
  const { backend, nodes, random, desk } = parts
  await nodes[index]?.kill()
  await nodes[index]?.start()
  for (const { proxy } of others) proxy.cut()
  await backend.loseNewestEntries(desk, 1 + random.integerBelow(20))
  const opening = parts.open(index)
  await delay(500 + random.next() * 1_500)
  for (const { proxy } of others) proxy.restore()
  await opening
}

/** Deletes all but the newest entries. A node that lags, and one that opens, need the state of another one. */
async function deleteEntries({ backend, nodes, desk, open }: FaultTarget, index: number): Promise<void> {
  const node = nodes[index]
  node?.signal('SIGSTOP')
  await delay(500)
  await backend.deleteOldestEntries(desk, 5)
  await delay(500)
  node?.signal('SIGCONT')
  await delay(1_000)
  await node?.kill()
  await node?.start()
  return open(index)
}

/** Every node reports within 5 s that it is stale; the process may need a moment more. */
async function expectAllStale({ nodes, desk, violate }: FaultTarget): Promise<void> {
  await delay(6_000)
  for (const [index, node] of nodes.entries()) {
    const report = (await node.execute({ to: 'report', desk }, 5_000)) as NodeReport
    if (!report.reports.includes('stale')) violate(`node ${index} is not stale: ${report.reports.slice(-3)}`)
  }
}

/** The replica stops receiving, the primary goes on for a moment and is killed, and all nodes find the replica. */
async function promoteReplica({ backend, nodes, desk, violate }: FaultTarget): Promise<void> {
  await backend.detachReplica?.()
  await delay(300)
  for (const { proxy } of nodes) proxy.cut()
  const before = await backend.storeOf(desk).head()
  const port = (await backend.replacePrimary?.()) ?? backend.port
  const after = await backend.storeOf(desk).head()
  if (after.v >= before.v) violate(`the replica has all ${before.v} entries: nothing was lost`)
  for (const { proxy } of nodes) {
    proxy.restore()
    proxy.redirect(port)
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
  await delay(1_500)
  await backend.rejoin?.()
  node.proxy.redirect(port)
}
