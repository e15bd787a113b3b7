import { type CompiledWorkflow, compareRank } from './compiled-workflow'

/** Entries sorted by rank. Immutable, so a request that is being routed may keep it. */
export type SortedBucket = readonly CompiledWorkflow[]

/** Any number of entries sorted by rank, in buckets, so that a change copies one bucket and not all. Immutable. */
export type SortedBuckets = readonly SortedBucket[]

const bucketSizeMax = 64

export function withInserted(buckets: SortedBuckets, entry: CompiledWorkflow): SortedBuckets {
  const at = Math.min(bucketIndexOf(buckets, entry), Math.max(buckets.length - 1, 0))
  const bucket = buckets[at] ?? []
  const place = indexIn(bucket, entry)
  const grown = [...bucket.slice(0, place), entry, ...bucket.slice(place)]
  if (grown.length <= bucketSizeMax) return replaceBucket(buckets, at, [grown])
  // Full buckets stay full when entries are appended in order.
  const cut = place === bucket.length ? bucketSizeMax : grown.length >> 1
  return replaceBucket(buckets, at, [grown.slice(0, cut), grown.slice(cut)])
}

export function withRemoved(buckets: SortedBuckets, entry: CompiledWorkflow): SortedBuckets {
  const at = bucketIndexOf(buckets, entry)
  const bucket = buckets[at] ?? []
  const place = indexIn(bucket, entry)
  if (bucket[place] !== entry) return buckets
  const left = [...bucket.slice(0, place), ...bucket.slice(place + 1)]
  return replaceBucket(buckets, at, left.length === 0 ? [] : [left])
}

/** Puts an entry in the place of another one of the same rank. */
export function withReplaced(buckets: SortedBuckets, before: CompiledWorkflow, entry: CompiledWorkflow): SortedBuckets {
  const at = bucketIndexOf(buckets, before)
  const bucket = [...(buckets[at] ?? [])]
  const place = indexIn(bucket, before)
  if (bucket[place] !== before) return buckets
  bucket[place] = entry
  return replaceBucket(buckets, at, [bucket])
}

function replaceBucket(buckets: SortedBuckets, at: number, by: SortedBuckets): SortedBuckets {
  if (buckets.length <= 1) return by
  return [...buckets.slice(0, at), ...by, ...buckets.slice(at + 1)]
}

/** The index of the first bucket whose last entry does not rank before this one. */
function bucketIndexOf(buckets: SortedBuckets, entry: CompiledWorkflow): number {
  return binarySearch(buckets.length, (index) => {
    const last = buckets[index]?.at(-1)
    return last !== undefined && compareRank(last, entry) < 0
  })
}

/** The index of the first entry that does not rank before this one. */
function indexIn(bucket: SortedBucket, entry: CompiledWorkflow): number {
  return binarySearch(bucket.length, (index) => {
    const there = bucket[index]
    return there !== undefined && compareRank(there, entry) < 0
  })
}

function binarySearch(length: number, isBefore: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}
