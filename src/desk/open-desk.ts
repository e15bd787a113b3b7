import { completeRoute, everyoneRoute, Metrics, QueuePositions } from '../core'
import { createRouter } from '../routing'
import { isSynchronous, memoryStore, type SynchronousStore } from '../store'
import type { NodeEnvironment, NodeOptions } from './cluster/environment'
import { openNodeRuntime } from './cluster/node-runtime'
import { Desk } from './desk'
import { EventBus } from './events/event-bus'
import type { DeskOptions } from './parse/desk-options'
import { type ParsedOptions, parseOptions } from './parse/desk-options'
import type { ParsedCommand } from './parse/parse-command'
import type { Clock } from './runtime/clock'
import { StoreClock, systemClock, WakeUpTimer } from './runtime/clock'
import { CommandHandler } from './runtime/command-handler'
import { DeskAggregate, generatedIdPrefix, type Projection } from './runtime/desk-aggregate'
import type { DeskRuntime } from './runtime/desk-runtime'
import { type RestoreSource, restoreFromStore, SnapshotScheduler } from './runtime/desk-snapshot'
import { devFreeze } from './runtime/dev-freeze'
import { ExecutionRunner, LocalRuntime } from './runtime/local-runtime'
import { createDeskFacts, RequestRouter } from './runtime/request-router'

/**
 * Opens a desk on its log: takes the history that is there, then appends what the options change. Deadlines that passed
 * while nobody was there come right after opening, once; `await desk.idle()` waits for them.
 *
 * @throws InvalidInputError for malformed options, with every problem found; DeskError for a log that cannot be read.
 */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  return openDeskWithEnvironment({}, options)
}

/** What a simulation puts in the place of the machine's. */
export interface DeskEnvironment {
  readonly environment?: NodeEnvironment
  readonly nodeOptions?: Partial<NodeOptions>
}

/** @internal */
export async function openDeskWithEnvironment(
  { environment, nodeOptions }: DeskEnvironment,
  options: DeskOptions,
): Promise<Desk> {
  const parsed = parseOptions(options)
  const { store = memoryStore(), newId = randomId } = parsed
  const isHere = isSynchronous(store)
  const clock = isHere ? (parsed.clock ?? systemClock) : new StoreClock(parsed.clock ?? systemClock)
  const announcer = new EventBus()
  const router = createRouter({
    ...parsed.routing,
    clock: { now: () => kernel.now() },
    desk: createDeskFacts(() => kernel.state),
    onDegraded: (degraded) => announcer.emit('routing.degraded', devFreeze(degraded)),
  })
  const defaultRoute = parsed.defaultRoute === undefined ? everyoneRoute : completeRoute(parsed.defaultRoute)
  const routing = new RequestRouter({ router, eventBus: announcer, vocabulary: parsed.vocabulary, defaultRoute })
  const metrics = new Metrics(parsed.metrics)
  const queue = new QueuePositions()
  const statistics: Projection = {
    apply: (event, edges, state) => {
      metrics.record(state, event, edges)
      queue.record(state, event)
    },
    restore: (state) => metrics.resume(state),
  }
  const kernel: DeskAggregate = new DeskAggregate({
    clock,
    eventBus: announcer,
    projections: [routing, statistics],
    queuePositions: queue,
  })
  const history = { store, snapshot: parsed.snapshot }
  const replaced = () => routing.restore(kernel.state)
  const dispatch =
    clock instanceof StoreClock
      ? await openNodeRuntime({
          aggregate: kernel,
          store,
          clock,
          eventBus: announcer,
          restoreSource: history,
          onStateReplaced: replaced,
          environment,
          options: nodeOptions,
        })
      : await openLocalRuntime({
          aggregate: kernel,
          store: store as SynchronousStore,
          clock,
          eventBus: announcer,
          restoreSource: history,
        })
  const intake = new CommandHandler({
    aggregate: kernel,
    runtime: dispatch,
    requestRouter: routing,
    newId,
    newCommandId: isHere ? () => null : commandIdGenerator(environment?.nodeId),
  })
  routing.restore(kernel.state)
  await Promise.all(commandsFromOptions(parsed).map((change) => intake.handle(change)))
  const unfollow = store.subscribe((version) => dispatch.onAppended(version))
  dispatch.scheduleWakeUp()
  return new Desk({
    aggregate: kernel,
    commandHandler: intake,
    runtime: dispatch,
    eventBus: announcer,
    requestRouter: routing,
    metrics,
    queuePositions: queue,
    store,
    unsubscribe: unfollow,
  })
}

interface LocalRuntimeOptions {
  readonly aggregate: DeskAggregate
  readonly store: SynchronousStore
  readonly clock: Clock
  readonly eventBus: EventBus
  readonly restoreSource: RestoreSource
}

/** On a log in this process, which has been read to its end. */
async function openLocalRuntime({
  aggregate,
  store,
  clock,
  eventBus,
  restoreSource,
}: LocalRuntimeOptions): Promise<DeskRuntime> {
  const runner = new ExecutionRunner(aggregate, store)
  const keeper = new SnapshotScheduler({ aggregate, store, eventBus })
  await restoreFromStore(aggregate, restoreSource)
  await runner.catchUp()
  keeper.scheduleAfter(aggregate.version)
  const alarm = new WakeUpTimer(clock, () => dispatch.processDue())
  const dispatch = new LocalRuntime({
    aggregate,
    executionRunner: runner,
    eventBus,
    snapshotScheduler: keeper,
    wakeUpTimer: alarm,
  })
  return dispatch
}

const randomId = () => crypto.randomUUID()
/** 64 random bits: every command writes such an id into the log, so that its length counts. */
const shortId = () => crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36) ?? randomId()

/** Ids that no other desk makes; only a log outside this process needs them. */
function commandIdGenerator(desk: string = shortId()): () => string {
  let count = 0
  return () => `${generatedIdPrefix}${desk}:${++count}`
}

/** What the options say and the log may not have; setting what is so already appends nothing. */
function commandsFromOptions({ policy, shifts, staff = [], workflows }: ParsedOptions): ParsedCommand[] {
  return [
    ...(policy === undefined ? [] : [{ type: 'setPolicy', policy } as const]),
    ...(shifts === undefined ? [] : [{ type: 'setShifts', shifts, reroute: false } as const]),
    ...staff.map((each) => ({ type: 'setStaff', staff: each }) as const),
    ...(workflows === undefined ? [] : [{ type: 'setWorkflows', workflows, reroute: false } as const]),
  ]
}
