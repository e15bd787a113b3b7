import { readFileSync } from 'node:fs'
import type { Desk, Facts } from 'frontbell'
import type { DayRequest } from './make-day'

export interface RecentRequest {
  readonly requestId: string
  readonly visitorId: string
  readonly at: number
  readonly facts: Facts
  /** Taken from the recorded day, not asked here. */
  readonly isRecorded: boolean
}

const keptMax = 100

/** The last hundred requests; as long as fewer were asked, the recorded day fills up. */
export class RecentRequests {
  #requests: readonly RecentRequest[]

  constructor(desk: Desk, recordedDay = new URL('day.jsonl', import.meta.url)) {
    const lines = readFileSync(recordedDay, 'utf8').trim().split('\n').slice(-keptMax)
    this.#requests = lines.map((line) => recorded(JSON.parse(line) as DayRequest))
    desk.on('request.opened', ({ requestId, visitorId, facts, at }) => {
      this.#requests = [...this.#requests, { requestId, visitorId, facts, at, isRecorded: false }].slice(-keptMax)
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
