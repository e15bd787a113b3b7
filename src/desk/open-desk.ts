import { completeRoute, everyoneRoute, Metrics, Queue } from '../core'
import { isSynchronous, memoryLog } from '../log'
import { createRouter } from '../routing'
import { Alarm } from './alarm'
import { Announcer } from './announcer'
import { answerFacts } from './answer-facts'
import { ownIdPrefix } from './answers'
import type { CommandInput } from './command-input'
import { Desk } from './desk'
import type { DeskOptions } from './desk-options'
import { Dispatch } from './dispatch'
import { frozen } from './frozen'
import { Intake } from './intake'
import { type Follower, Kernel } from './kernel'
import { type ParsedOptions, parseOptions } from './parse-options'
import { RoutingDoor } from './routing-door'
import { Runner } from './runner'
import { SnapshotKeeper } from './snapshot-keeper'
import { systemClock } from './system-clock'
import { takeHistory } from './take-history'

/**
 * Opens a desk on its log: takes the history that is there, then appends what the options change. Deadlines that passed
 * while nobody was there come right after opening, once; `await desk.idle()` waits for them.
 *
 * @throws InvalidInputError for malformed options, with every problem found; DeskError for a log that cannot be read.
 */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const parsed = parseOptions(options)
  const { log = memoryLog(), clock = systemClock, newId = randomId } = parsed
  const announcer = new Announcer()
  const router = createRouter({
    ...parsed.routing,
    clock: { now: () => kernel.now() },
    desk: answerFacts(() => kernel.state),
    onDegraded: (degraded) => announcer.tell('routing.degraded', frozen(degraded)),
  })
  const defaultRoute = parsed.defaultRoute === undefined ? everyoneRoute : completeRoute(parsed.defaultRoute)
  const routing = new RoutingDoor({ router, announcer, vocabulary: parsed.vocabulary, defaultRoute })
  const metrics = new Metrics(parsed.metrics)
  const queue = new Queue()
  const statistics = {
    follow: (...[event, edges, state]: Parameters<Follower['follow']>) => {
      metrics.record(state, event, edges)
      queue.record(state, event)
    },
  }
  const kernel: Kernel = new Kernel({ clock, announcer, followers: [routing, statistics], queue })
  const runner = new Runner(kernel, log)
  const keeper = new SnapshotKeeper(kernel, log, announcer)
  const alarm = new Alarm(clock, () => dispatch.tick())
  const dispatch: Dispatch = new Dispatch({ kernel, runner, announcer, keeper, alarm })
  const intake = new Intake({ kernel, dispatch, routing, newId, ownId: isSynchronous(log) ? () => null : ownIds() })
  await takeHistory(kernel, runner, { log, snapshot: parsed.snapshot })
  keeper.startFrom(kernel.version)
  routing.setWorkflows(kernel.state.workflows)
  for (const change of changesOf(parsed)) await intake.ask(change)
  const unfollow = log.bell(() => dispatch.follow())
  dispatch.wakeWhenDue()
  return new Desk({ kernel, intake, dispatch, announcer, routing, metrics, queue, log, unfollow })
}

const randomId = () => crypto.randomUUID()

/** Ids that no other desk makes; only a log outside this process needs them. */
function ownIds(): () => string {
  const desk = randomId()
  let count = 0
  return () => `${ownIdPrefix}${desk}:${++count}`
}

/** What the options say and the log may not have; setting what is so already appends nothing. */
function changesOf({ policy, shifts, staff = [], workflows }: ParsedOptions): CommandInput[] {
  return [
    ...(policy === undefined ? [] : [{ type: 'setPolicy', policy } as const]),
    ...(shifts === undefined ? [] : [{ type: 'setShifts', shifts } as const]),
    ...staff.map((each) => ({ type: 'setStaff', staff: each }) as const),
    ...(workflows === undefined ? [] : [{ type: 'setWorkflows', workflows } as const]),
  ]
}
