import { expect, it } from 'vitest'
import { openTestNode, storeWithSystemTime } from './cluster/test-node'

it('[D76] takes a roster of 150 000 people in one entry, also on a store that other nodes share', async () => {
  const { desk } = await openTestNode('one', storeWithSystemTime(), { staff: [] })
  const { version } = desk
  expect(await desk.setRoster(Array.from({ length: 150_000 }, (_, index) => ({ id: `s${index}` })))).toEqual({
    ok: true,
  })
  expect([desk.version - version, desk.roster().length]).toEqual([1, 150_000])
}, 60_000)
