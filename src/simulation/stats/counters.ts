import { DurationHistogram } from '../../core'
import type {
  HourStats,
  IntervalStats,
  LeftOutCount,
  RequestStats,
  StaffTimeStats,
  TeamStats,
  WaitStats,
} from './simulation-result'

/** The end of a request's wait. */
export interface WaitOutcome {
  readonly outcome: 'answered' | 'abandoned' | 'expired' | 'stillOpen'
  /** From opening to that end. */
  readonly queueMs: number
  /** The histogram bin of `queueMs`. */
  readonly bin: number
  readonly isInTime: boolean
  readonly wasUnattended: boolean
}

/** Counts requests: each at its arrival and at the end of its wait. */
export class RequestCounter {
  offered = 0
  readonly #counts = { answered: 0, abandoned: 0, expired: 0, stillOpen: 0 }
  #unattended = 0
  #delayed = 0
  #inTime = 0
  #queueMs = 0
  #waits: DurationHistogram | null = null

  addOutcome({ outcome, queueMs, bin, isInTime, wasUnattended }: WaitOutcome): void {
    this.#counts[outcome] += 1
    if (wasUnattended) this.#unattended += 1
    if (outcome === 'answered') {
      this.#waits ??= new DurationHistogram()
      this.#waits.add(queueMs, bin)
      if (isInTime) this.#inTime += 1
    }
    if (outcome !== 'answered' && outcome !== 'abandoned') return
    this.#queueMs += queueMs
    if (queueMs > 0) this.#delayed += 1
  }

  toStats(): RequestStats {
    const { answered, abandoned } = this.#counts
    const done = answered + abandoned
    return {
      offered: this.offered,
      ...this.#counts,
      unattended: this.#unattended,
      delayed: this.#delayed,
      answeredInTime: this.#inTime,
      waitMs: this.#waits === null ? null : toWaitStats(this.#waits),
      meanQueueMs: done === 0 ? null : this.#queueMs / done,
      serviceLevel: done === 0 ? null : this.#inTime / done,
      abandonment: done === 0 ? null : abandoned / done,
    }
  }
}

const percentileShares = [0.5, 0.9, 0.95, 0.99]

function toWaitStats(waits: DurationHistogram): WaitStats | null {
  const mean = waits.meanMs()
  if (mean === null) return null
  const [p50 = 0, p90 = 0, p95 = 0, p99 = 0] = waits.percentilesMs(percentileShares)
  return { mean, p50, p90, p95, p99, max: waits.maxMs }
}

/** The staff's time, by presence and load. */
export class StaffTime {
  staffedMs = 0
  busyMs = 0
  loadMs = 0
  capacityMs = 0

  add({ staffedMs, busyMs, loadMs, capacityMs }: StaffTime): void {
    this.staffedMs += staffedMs
    this.busyMs += busyMs
    this.loadMs += loadMs
    this.capacityMs += capacityMs
  }

  clear(): void {
    this.staffedMs = 0
    this.busyMs = 0
    this.loadMs = 0
    this.capacityMs = 0
  }

  toStats(): StaffTimeStats {
    const { staffedMs, busyMs, loadMs, capacityMs } = this
    return {
      staffedMs,
      occupancy: staffedMs === 0 ? null : busyMs / staffedMs,
      load: capacityMs === 0 ? null : loadMs / capacityMs,
    }
  }
}

/** One interval of the series. */
export class IntervalCounter {
  readonly index: number
  readonly at: number
  readonly requests = new RequestCounter()
  readonly time = new StaffTime()
  /** The counted time so far. */
  elapsedMs = 0
  queueLengthIntegralMs = 0
  maxQueueLength = 0
  /** Requests that arrived in it and still wait. */
  waiting = 0

  constructor(index: number, at: number) {
    this.index = index
    this.at = at
  }

  toStats(): IntervalStats {
    const { at, elapsedMs, queueLengthIntegralMs, maxQueueLength, time } = this
    return {
      at,
      ...this.requests.toStats(),
      ...time.toStats(),
      queueLength: elapsedMs === 0 ? 0 : queueLengthIntegralMs / elapsedMs,
      maxQueueLength,
      staffed: elapsedMs === 0 ? 0 : time.staffedMs / elapsedMs,
    }
  }
}

/** One hour of the day, over all simulated days. */
export class HourCounter {
  readonly hour: number
  readonly requests = new RequestCounter()
  readonly time = new StaffTime()
  elapsedMs = 0
  queueLengthIntegralMs = 0

  constructor(hour: number) {
    this.hour = hour
  }

  toStats(): HourStats {
    const { hour, elapsedMs, queueLengthIntegralMs } = this
    const queueLength = elapsedMs === 0 ? 0 : queueLengthIntegralMs / elapsedMs
    return { hour, ...this.requests.toStats(), ...this.time.toStats(), queueLength }
  }
}

interface TeamHourCounter {
  readonly requests: RequestCounter
  readonly time: StaffTime
}

/** A team: the requests whose route first names it, and the time of its members. */
export class TeamCounter {
  readonly team: string | null
  readonly requests = new RequestCounter()
  readonly time = new StaffTime()
  readonly #hours = Array.from(
    { length: 24 },
    (): TeamHourCounter => ({ requests: new RequestCounter(), time: new StaffTime() }),
  )

  constructor(team: string | null) {
    this.team = team
  }

  hourCounter(hour: number): TeamHourCounter {
    return this.#hours[hour] as TeamHourCounter
  }

  toStats(): TeamStats {
    return {
      team: this.team,
      ...this.requests.toStats(),
      ...this.time.toStats(),
      byHour: this.#hours.map(({ requests, time }, hour) => ({ hour, ...requests.toStats(), ...time.toStats() })),
    }
  }
}

const examplesMax = 3

/** Counts arrivals that opened no request, and keeps the first ones as examples. */
export class LeftOutCounter {
  count = 0
  readonly first: LeftOutCount['first'][number][] = []

  add({ at, visitorId = null }: LeftOutArrival, count = 1): void {
    this.count += count
    if (this.first.length < examplesMax) this.first.push({ at, visitorId })
  }

  toStats(): LeftOutCount {
    return { count: this.count, first: [...this.first] }
  }
}

interface LeftOutArrival {
  readonly at: number
  readonly visitorId?: string | null
}
