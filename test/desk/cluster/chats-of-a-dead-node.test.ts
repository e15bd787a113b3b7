import { expect, it } from 'vitest'
import { memoryStore } from '../../../src'
import type { EventStore } from '../../../src/store'
import { openVirtualNode, pass, virtualNow, withVirtualTime } from './virtual-time'

withVirtualTime()

const staff = [{ id: 'ana' }, { id: 'bo' }]
const policy = { presenceGraceMs: 5_000, reclaimAfterMs: 10_000 }
const openNode = (name: string, store: EventStore) => openVirtualNode(name, store, { initial: { staff, policy } })

it('[K15, K16] leave their visitors to nobody: they are reported, listed, and ring at the node that lives', async () => {
  const store = memoryStore({ now: virtualNow })
  const killed = await openNode('killed', store)
  const living = await openNode('living', store)
  await killed.desk.connect('ana', 'tab')
  await killed.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await killed.desk.accept('r1', 'ana')
  const heartbeats = setInterval(() => void living.desk.heartbeat('bo', 'tab'), 10_000)
  await living.desk.connect('bo', 'tab')
  const causes: string[] = []
  living.desk.on('request.unattended', ({ cause }) => causes.push(cause))
  killed.store.isDisconnected = true
  while (living.desk.awaiting().length === 0) await pass(1_000)
  expect(living.desk.awaiting()).toMatchObject([{ requestId: 'r1', reason: 'left-alone' }])
  expect(causes).toEqual(['assignee-absent'])
  await pass(10_000)
  expect(living.desk.ringing('bo')).toEqual(['r1'])
  clearInterval(heartbeats)
  await living.desk.close()
}, 60_000)
