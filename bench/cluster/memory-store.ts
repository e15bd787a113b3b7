import { type Desk, manualClock, openDesk } from '../../src'
import { type EventStore, memoryStore, type SynchronousStore } from '../../src/store'
import { staff } from '../desk-bench'
import { type BenchRow, compare, us } from '../measure'

const unlimited = { sessionLeaseMs: null, openRequestsMax: 1e7, requestsPerMinuteMax: 1e7, capacity: 10_000 }

/** The cost of the memory store in a lifecycle, compared with a store that counts versions and keeps nothing. */
export async function memoryStoreBench(isQuick: boolean): Promise<BenchRow> {
  const [real, counting] = [await openBenchDesk(memoryStore()), await openBenchDesk(countingStore())]
  const lives = new Map<Desk, number>()
  const work = (desk: Desk) => async (times: number) => {
    for (let index = 0; index < times; index += 1) {
      const life = (lives.get(desk) ?? 0) + 1
      lives.set(desk, life)
      const requestId = `r${life}`
      await desk.requestChat({ requestId, visitorId: `v${life}` })
      await desk.mute(requestId, 's1')
      await desk.accept(requestId, 's3')
      await desk.end(requestId)
    }
  }
  const repetitions = { times: isQuick ? 2_000 : 100_000, rounds: isQuick ? 3 : 9 }
  const { ratio, oursUs, theirsUs } = await compare({ ours: work(real), theirs: work(counting), ...repetitions })
  return {
    name: 'desk: with the memory store, compared with a store that keeps nothing',
    of: 'CPU time of a lifecycle',
    ratio,
    goal: { atMost: 1.1 },
    note: `${us(oursUs)} and ${us(theirsUs)}`,
  }
}

async function openBenchDesk(store: EventStore): Promise<Desk> {
  const desk = await openDesk({ staff, policy: unlimited, store, clock: manualClock(1_800_000_000_000) })
  for (const { id } of staff) await desk.connect(id, 'tab')
  return desk
}

function countingStore(): SynchronousStore {
  let version = 0
  const methods = {
    appendSync: (expected: number) => {
      version = expected + 1
      return version
    },
    attachSnapshotSource: () => () => {},
    hashOf: () => '',
    read: async () => [],
    head: async () => ({ v: version, h: '' }),
    loadSnapshot: async () => null,
    subscribe: () => () => {},
    close: async () => {},
  } satisfies Partial<SynchronousStore>
  return Object.assign(Object.create(memoryStore(), { isOpen: { value: false } }) as SynchronousStore, methods)
}
