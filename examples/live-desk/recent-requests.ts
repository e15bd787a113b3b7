import { readFileSync } from 'node:fs'
import type { Desk, Facts } from 'frontbell'
import type { DayRequest } from './make-day'

export interface RecentRequest {
  readonly requestId: string
  readonly visitorId: string
  readonly at: number
  readonly facts: Facts
  /** Whether it is from the recorded day, not from this desk. */
  readonly isRecorded: boolean
}

const requestsMax = 100

/** The last hundred requests, filled up from the recorded day. */
export class RecentRequests {
  #requests: readonly RecentRequest[]

  constructor(desk: Desk, recordedDay = new URL('day.jsonl', import.meta.url)) {
    const lines = readFileSync(recordedDay, 'utf8').trim().split('\n').slice(-requestsMax)
    this.#requests = lines.map((line) => recorded(JSON.parse(line) as DayRequest))
    desk.on('request.opened', ({ requestId, visitorId, facts, at }) => {
      this.#requests = [...this.#requests, { requestId, visitorId, facts, at, isRecorded: false }].slice(-requestsMax)
    })
  }

  /** Oldest first. */
  list(): readonly RecentRequest[] {
    return this.#requests
  }
}

function recorded({ visitorId, facts, atMs }: DayRequest): RecentRequest {
  return { requestId: visitorId, visitorId, facts, at: atMs, isRecorded: true }
}
