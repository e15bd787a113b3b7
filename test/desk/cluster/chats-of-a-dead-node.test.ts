import { expect, it } from 'vitest'
import { type Clock, type Desk, memoryStore } from '../../../src'
import { nodeOptionsDefault } from '../../../src/desk/cluster/environment'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import type { EventStore } from '../../../src/store'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'

const speedFactor = 25
const beganAt = performance.now()
const fastNow = () => Math.floor((performance.now() - beganAt) * speedFactor)
const fastClock: Clock = {
  now: fastNow,
  wakeAt(at, wake) {
    const timer = setTimeout(wake, Math.max(1, (at - fastNow()) / speedFactor))
    return () => clearTimeout(timer)
  },
}

/** Opens a node whose heartbeats, deadlines and store run 25 times as fast. */
async function openNode(name: string, store: EventStore): Promise<{ desk: Desk; store: FaultyStore }> {
  const faulty = new FaultyStore(store)
  const around = { environment: fastEnvironment(name), nodeOptions: nodeOptionsDefault }
  const initial = { staff: [{ id: 'ana' }, { id: 'bo' }], policy: { presenceGraceMs: 5_000, reclaimAfterMs: 10_000 } }
  const desk = await openDeskWithEnvironment(around, { initial, clock: fastClock, store: faulty })
  return { desk, store: faulty }
}

it('[K15, K16] leave their visitors to nobody: they are reported, listed, and ring at the node that lives', async () => {
  const store = memoryStore({ now: fastNow })
  const killed = await openNode('killed', store)
  const living = await openNode('living', store)
  await killed.desk.connect('ana', 'tab')
  await killed.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await killed.desk.accept('r1', 'ana')
  const heartbeats = setInterval(() => void living.desk.heartbeat('bo', 'tab'), 400)
  await living.desk.connect('bo', 'tab')
  const causes: string[] = []
  living.desk.on('request.unattended', ({ cause }) => causes.push(cause))
  killed.store.isDisconnected = true
  await expect
    .poll(() => living.desk.awaiting(), { timeout: 10_000 })
    .toMatchObject([{ requestId: 'r1', reason: 'left-alone' }])
  expect(causes).toEqual(['assignee-absent'])
  await expect.poll(() => living.desk.ringing('bo'), { timeout: 10_000 }).toEqual(['r1'])
  clearInterval(heartbeats)
  await living.desk.close()
}, 60_000)
