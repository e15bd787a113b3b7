import { IdempotencyCache } from '../../../src/desk/runtime/desk-aggregate'

/** A rebuilt history of which nothing but its version is known. */
export const rebuiltState = {
  idempotencyCache: new IdempotencyCache(),
  v: 99,
  h: 'other',
  sessionOwners: [],
  snapshotVersion: 99,
  snapshotHash: 'other',
  entries: [],
}
