import { completeRoute, everyoneRoute, Metrics, Queue } from '../core'
import { isSynchronous, memoryLog, type SynchronousLog } from '../log'
import { createRouter } from '../routing'
import { Alarm } from './alarm'
import { Announcer } from './announcer'
import { answerFacts } from './answer-facts'
import { ownIdPrefix } from './answers'
import type { Clock } from './clock'
import type { CommandInput } from './command-input'
import { Desk } from './desk'
import type { DeskOptions } from './desk-options'
import { Dispatch } from './dispatch'
import type { Dispatching } from './dispatching'
import { frozen } from './frozen'
import { Intake } from './intake'
import { type Follower, Kernel } from './kernel'
import { EngineClock } from './node/engine-clock'
import type { Means } from './node/means'
import type { NodeOptions } from './node/node-options'
import { openNode } from './node/open-node'
import { type ParsedOptions, parseOptions } from './parse-options'
import { RoutingDoor } from './routing-door'
import { Runner } from './runner'
import { SnapshotKeeper } from './snapshot-keeper'
import { systemClock } from './system-clock'
import { type History, takeHistory } from './take-history'

/**
 * Opens a desk on its log: takes the history that is there, then appends what the options change. Deadlines that passed
 * while nobody was there come right after opening, once; `await desk.idle()` waits for them.
 *
 * @throws InvalidInputError for malformed options, with every problem found; DeskError for a log that cannot be read.
 */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  return openDeskIn({}, options)
}

/** What a simulation puts in the place of the machine's. */
export interface Surroundings {
  readonly means?: Means
  readonly node?: Partial<NodeOptions>
}

/** @internal */
export async function openDeskIn({ means, node }: Surroundings, options: DeskOptions): Promise<Desk> {
  const parsed = parseOptions(options)
  const { log = memoryLog(), newId = randomId } = parsed
  const isHere = isSynchronous(log)
  const clock = isHere ? (parsed.clock ?? systemClock) : new EngineClock(parsed.clock ?? systemClock)
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
  const statistics: Follower = {
    follow: (event, edges, state) => {
      metrics.record(state, event, edges)
      queue.record(state, event)
    },
    resume: (state) => metrics.resume(state),
  }
  const kernel: Kernel = new Kernel({ clock, announcer, followers: [routing, statistics], queue })
  const history = { log, snapshot: parsed.snapshot }
  const replaced = () => routing.setWorkflows(kernel.state.workflows)
  const dispatch =
    clock instanceof EngineClock
      ? await openNode({ kernel, log, clock, announcer, history, replaced, means, options: node })
      : await openHere({ kernel, log: log as SynchronousLog, clock, announcer, history })
  const intake = new Intake({
    kernel,
    dispatch,
    routing,
    newId,
    ownId: isHere ? () => null : ownIds(means?.node),
  })
  routing.setWorkflows(kernel.state.workflows)
  await Promise.all(changesOf(parsed).map((change) => intake.ask(change)))
  const unfollow = log.bell((version) => dispatch.follow(version))
  dispatch.wakeWhenDue()
  return new Desk({ kernel, intake, dispatch, announcer, routing, metrics, queue, log, unfollow })
}

interface HereParts {
  readonly kernel: Kernel
  readonly log: SynchronousLog
  readonly clock: Clock
  readonly announcer: Announcer
  readonly history: History
}

/** On a log in this process, which has been read to its end. */
async function openHere({ kernel, log, clock, announcer, history }: HereParts): Promise<Dispatching> {
  const runner = new Runner(kernel, log)
  const keeper = new SnapshotKeeper({ kernel, log, announcer })
  await takeHistory(kernel, history)
  await runner.catchUp()
  keeper.startFrom(kernel.version)
  const alarm = new Alarm(clock, () => dispatch.tick())
  const dispatch = new Dispatch({ kernel, runner, announcer, keeper, alarm })
  return dispatch
}

const randomId = () => crypto.randomUUID()
/** 64 random bits: every command writes such an id into the log, so that its length counts. */
const shortId = () => crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36) ?? randomId()

/** Ids that no other desk makes; only a log outside this process needs them. */
function ownIds(desk: string = shortId()): () => string {
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
