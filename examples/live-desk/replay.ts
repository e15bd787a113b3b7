import { readFileSync } from 'node:fs'
import type { ChatTranscripts } from './chat/chat-transcripts'
import type { LiveDesk } from './live-desk'
import type { DayRequest } from './make-day'

export interface ReplayOptions {
  /** Factor over real time; 60 replays a day in 24 minutes. */
  readonly speed: number
  /** Hour of the recorded day at which the replay starts. */
  readonly fromHour: number
  /** The simulated staff members. */
  readonly staffIds: readonly string[]
  /** Reaction time of the simulated staff, in real time, so that the ring can be seen. Default 2.5 to 9 s. */
  readonly reactMs?: { readonly min: number; readonly max: number }
}

const patienceMs = 30_000
const chatMs = { min: 60_000, max: 600_000 }

/** Replays the recorded day on a live desk, with simulated staff who accept, mute and end. Returns a stop function. */
export function replayDay(
  { desk, transcripts }: Pick<LiveDesk, 'desk' | 'transcripts'>,
  options: ReplayOptions,
): () => void {
  const { speed, fromHour, staffIds, reactMs = { min: 2_500, max: 9_000 } } = options
  const day = readDay(new URL('day.jsonl', import.meta.url))
  const timers = new Set<NodeJS.Timeout>()
  const simulated = new Set(staffIds)
  const visitors = new Map<string, string>()
  const after = (ms: number, run: () => Promise<unknown>) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run().catch(console.error)
    }, ms / speed)
    timers.add(timer)
  }
  const unsubscribes = [
    desk.on('ring', ({ requestId, staffIds: ringing }) => {
      for (const staffId of ringing) {
        if (!simulated.has(staffId)) continue
        const isMute = Math.random() < 0.15
        after(between(reactMs) * speed, () =>
          isMute ? desk.mute(requestId, staffId) : desk.accept(requestId, staffId),
        )
      }
    }),
    desk.on('request.accepted', ({ requestId, staffId }) => {
      if (!simulated.has(staffId)) return
      after(3_000, async () => greet(transcripts, requestId, desk.staff(staffId)?.name ?? staffId))
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
    const heartbeat = setInterval(() => void desk.heartbeat(staffId, 'replay'), 30_000)
    timers.add(heartbeat)
    void desk.connect(staffId, 'replay')
  }
  for (const request of day) {
    const waitMs = request.atMs - fromHour * 3_600_000
    if (waitMs >= 0) after(waitMs, () => arrive(desk, transcripts, request))
  }
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
    for (const timer of timers) clearTimeout(timer)
  }
}

async function arrive(
  desk: LiveDesk['desk'],
  transcripts: ChatTranscripts,
  { visitorId, facts }: DayRequest,
): Promise<void> {
  await desk.visitorArrived({ visitorId, facts })
  const outcome = await desk.requestChat({ visitorId, facts })
  if (outcome.ok)
    transcripts.append(outcome.requestId, { from: 'visitor', name: facts.name ?? 'Visitor', text: facts.question })
}

function greet(transcripts: ChatTranscripts, requestId: string, name: string): void {
  transcripts.append(requestId, { from: 'staff', name, text: 'Hello, I am looking into it right now.' })
}

function between({ min, max }: { readonly min: number; readonly max: number }): number {
  return min + Math.random() * (max - min)
}

function readDay(file: URL): readonly DayRequest[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as DayRequest)
}
