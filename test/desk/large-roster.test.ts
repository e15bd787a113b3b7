import { expect, it } from 'vitest'
import { openTestNode, storeWithSystemTime } from './cluster/test-node'

/** A busy machine takes as long as it takes for so many. */
const patient = { commandTimeoutMs: 600_000 }

it('[D76] takes a roster of 150 000 people in one entry, also on a store that other nodes share', async () => {
  const { desk } = await openTestNode('one', storeWithSystemTime(), { staff: [] }, patient)
  const { version } = desk
  expect(await desk.setRoster(Array.from({ length: 150_000 }, (_, index) => ({ id: `s${index}` })))).toEqual({
    ok: true,
  })
  expect([desk.version - version, desk.roster().length]).toEqual([1, 150_000])
}, 60_000)
