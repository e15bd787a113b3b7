import { byRank, type Entry } from './entry'

/** Entries in the order of their rank. Replaced, never changed: who reads one keeps it. */
export type Bucket = readonly Entry[]

/**
 * Any number of entries in the order of their rank, cut into buckets, so that a change copies one of them and not all.
 * Replaced, never changed.
 */
export type Ranked = readonly Bucket[]

const bucketMax = 64

export function inserted(ranked: Ranked, entry: Entry): Ranked {
  const at = Math.min(bucketOf(ranked, entry), Math.max(ranked.length - 1, 0))
  const bucket = ranked[at] ?? []
  const place = placeIn(bucket, entry)
  const grown = [...bucket.slice(0, place), entry, ...bucket.slice(place)]
  if (grown.length <= bucketMax) return spliced(ranked, at, [grown])
  // At the end of a list that is being built, full buckets stay full.
  const cut = place === bucket.length ? bucketMax : grown.length >> 1
  return spliced(ranked, at, [grown.slice(0, cut), grown.slice(cut)])
}

export function without(ranked: Ranked, entry: Entry): Ranked {
  const at = bucketOf(ranked, entry)
  const bucket = ranked[at] ?? []
  const place = placeIn(bucket, entry)
  if (bucket[place] !== entry) return ranked
  const left = [...bucket.slice(0, place), ...bucket.slice(place + 1)]
  return spliced(ranked, at, left.length === 0 ? [] : [left])
}

/** With another entry of the same rank in the place of one. */
export function swapped(ranked: Ranked, before: Entry, entry: Entry): Ranked {
  const at = bucketOf(ranked, before)
  const bucket = [...(ranked[at] ?? [])]
  const place = placeIn(bucket, before)
  if (bucket[place] !== before) return ranked
  bucket[place] = entry
  return spliced(ranked, at, [bucket])
}

function spliced(ranked: Ranked, at: number, buckets: Ranked): Ranked {
  if (ranked.length <= 1) return buckets
  return [...ranked.slice(0, at), ...buckets, ...ranked.slice(at + 1)]
}

/** The first bucket whose last entry does not rank before this one. */
function bucketOf(ranked: Ranked, entry: Entry): number {
  return lowest(ranked.length, (index) => {
    const last = ranked[index]?.at(-1)
    return last !== undefined && byRank(last, entry) < 0
  })
}

/** The place of the first that does not rank before the entry. */
function placeIn(bucket: Bucket, entry: Entry): number {
  return lowest(bucket.length, (index) => {
    const there = bucket[index]
    return there !== undefined && byRank(there, entry) < 0
  })
}

function lowest(length: number, isBefore: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}
