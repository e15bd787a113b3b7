import { clockIn } from '../figures'

export interface TimeTick {
  readonly at: number
  readonly label: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const ticksMax = 12
const steps = [hourMs / 4, hourMs / 2, ...[1, 2, 3, 4, 6, 12].map((hours) => hours * hourMs)]

/** Round times of the day in a zone, or, for longer stretches, days. */
export function timeTicks(fromAt: number, untilAt: number, timeZone: string): TimeTick[] {
  const step = steps.find((one) => (untilAt - fromAt) / one <= ticksMax) ?? dayStep(untilAt - fromAt)
  const offset = offsetAt(timeZone, fromAt)
  const ticks: TimeTick[] = []
  for (let at = Math.ceil((fromAt + offset) / step) * step - offset; at <= untilAt; at += step) {
    ticks.push({ at, label: step >= dayMs ? dayIn(timeZone, at) : clockIn(timeZone, at) })
  }
  return ticks
}

function dayStep(lengthMs: number): number {
  return Math.max(1, Math.ceil(lengthMs / dayMs / ticksMax)) * dayMs
}

function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric' }).format(at)
}

/** Local time less UTC. */
function offsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as const).formatToParts(at)
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const [year, month, day] = [number('year'), number('month') - 1, number('day')]
  return Date.UTC(year, month, day, number('hour'), number('minute'), number('second')) - Math.floor(at / 1_000) * 1_000
}
