import { toldMs } from '../../routing'
import type { MomentObserver } from './workflow-property'

/** Sees that a step of a request's route starts too long after the one before, or after its visitor came back. */
export function stepsWithin(ms: number): MomentObserver {
  let beganAt: number | null = null
  return ({ request, events, at, isVisitorHere }) => {
    for (const event of events) {
      if (event.type === 'request.accepted') beganAt = null
      else if (event.type === 'step.started') {
        // A step that comes early, because nobody is left of the one before or as a reminder, was not waited for.
        const waitedMs = beganAt === null || event.cause !== 'time' ? 0 : event.at - beganAt
        beganAt = event.at
        if (waitedMs > ms)
          return `step ${event.step + 1} starts ${toldMs(waitedMs)} after the one before, not ${toldMs(ms)}`
      } else if (/^request\.(opened|released|rerouted)$/.test(event.type)) beganAt = event.at
    }
    const isWaiting = request.assignment === null && isVisitorHere
    beganAt = isWaiting ? (beganAt ?? at) : null
    return null
  }
}
