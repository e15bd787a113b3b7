import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { diffList } from '../../src/host/diff-snapshot'
import { applyPatch } from '../../src/portal/portal-view'
import { isCampaign, seed } from '../campaign'
import { awaitingItem, snapshotMessage } from '../portal/connected-portal'

vi.setConfig({ testTimeout: 120_000 })

const anyList = fc
  .uniqueArray(fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6'), { maxLength: 6, size: 'max' })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) => fc.constantFrom('ringing', 'muted').map((reason) => awaitingItem(id, reason as 'muted'))),
    ),
  )
const idOf = ({ requestId }: { readonly requestId: string }) => requestId

it('[V3] turns any list into any other, through JSON, and leaves unchanged items out', () => {
  const property = fc.property(anyList, anyList, (before, next) => {
    const patch = diffList(before, next, idOf)
    const copy = JSON.parse(JSON.stringify(before)) as typeof before
    expect(diffList(before, copy, idOf)).toBeUndefined()
    const from = snapshotMessage(1, before)
    const message = { type: 'patch', since: 1, version: 2, at: 2, ...(patch && { awaiting: patch }) } as const
    expect(applyPatch(from, JSON.parse(JSON.stringify(message))).awaiting).toEqual(next)
    expect(patch === undefined).toBe(JSON.stringify(before) === JSON.stringify(next))
    if (before.map(idOf).join() !== next.map(idOf).join()) return
    const changed = next.filter((each, index) => each.reason !== before[index]?.reason).map(idOf)
    expect((patch?.inserted ?? []).map(([, each]) => idOf(each))).toEqual(changed)
  })
  fc.assert(property, { seed, numRuns: isCampaign ? 2_000 : 200 })
})
