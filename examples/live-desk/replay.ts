import { readFileSync } from 'node:fs'
import type { ChatTranscripts } from './chat/chat-transcripts'
import type { LiveDesk } from './live-desk'
import type { DayRequest } from './make-day'

export interface ReplayOptions {
  /** How many times faster than life; 60: a day in 24 minutes. */
  readonly speed: number
  /** Hour of the recorded day at which it begins. */
  readonly fromHour: number
  /** Staff who are played; people who sign in on a page play themselves. */
  readonly staffIds: readonly string[]
  /**
   * How long the played staff hesitate, not made faster by `speed`, so that one can see it ring. Default 2.5 to 9 s.
   */
  readonly reactMs?: { readonly min: number; readonly max: number }
}

const patienceMs = 30_000
const chatMs = { min: 60_000, max: 600_000 }

/** Plays the recorded day on a live desk, with staff who accept, mute and end as people do. Returns how to stop it. */
export function replayDay({ desk, book }: Pick<LiveDesk, 'desk' | 'book'>, options: ReplayOptions): () => void {
  const { speed, fromHour, staffIds, reactMs = { min: 2_500, max: 9_000 } } = options
  const day = readDay(new URL('day.jsonl', import.meta.url))
  const timers = new Set<NodeJS.Timeout>()
  const played = new Set(staffIds)
  const visitors = new Map<string, string>()
  const after = (ms: number, run: () => Promise<unknown>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run().catch(console.error)
    }, ms / speed)
    timers.add(timer)
  }
  const leave = [
    desk.on('ring', ({ requestId, staffIds: rung }) => {
      for (const staffId of rung) {
        if (!played.has(staffId)) continue
        const isMute = Math.random() < 0.15
        after(between(reactMs) * speed, () =>
          isMute ? desk.mute(requestId, staffId) : desk.accept(requestId, staffId),
        )
      }
    }),
    desk.on('request.accepted', ({ requestId, staffId }) => {
      if (!played.has(staffId)) return
      after(3_000, async () => greet(book, requestId, desk.staff(staffId)?.name ?? staffId))
      after(between(chatMs), () => desk.end(requestId))
    }),
    desk.on('request.closed', ({ requestId }) => {
      const visitorId = visitors.get(requestId)
      if (visitorId !== undefined) after(patienceMs, () => desk.visitorLeft(visitorId))
      visitors.delete(requestId)
    }),
    desk.on('request.opened', ({ requestId, visitorId }) => {
      if (visitorId.startsWith('day-')) visitors.set(requestId, visitorId)
    }),
  ]
  for (const staffId of staffIds) {
    const beat = setInterval(() => void desk.heartbeat(staffId, 'replay'), 30_000)
    timers.add(beat)
    void desk.connect(staffId, 'replay')
  }
  for (const request of day) {
    const waitMs = request.atMs - fromHour * 3_600_000
    if (waitMs >= 0) after(waitMs, () => arrive(desk, book, request))
  }
  return () => {
    for (const out of leave) out()
    for (const timer of timers) clearTimeout(timer)
  }
}

async function arrive(desk: LiveDesk['desk'], book: ChatTranscripts, { visitorId, facts }: DayRequest): Promise<void> {
  await desk.visitorArrived({ visitorId, facts })
  const outcome = await desk.requestChat({ visitorId, facts })
  if (outcome.ok)
    book.append(outcome.requestId, { from: 'visitor', name: facts.name ?? 'Visitor', text: facts.question })
}

function greet(book: ChatTranscripts, requestId: string, name: string): void {
  book.append(requestId, { from: 'staff', name, text: 'Hello, I am looking into it right now.' })
}

function between({ min, max }: { readonly min: number; readonly max: number }): number {
  return min + Math.random() * (max - min)
}

function readDay(file: URL): readonly DayRequest[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as DayRequest)
}
