import { completeRoute, DeskError, everyoneRoute, Metrics, QueuePositions } from '../core'
import { createRouter } from '../routing'
import { type EventStore, isSynchronous, memoryStore } from '../store'
import { isFailure, type Outcome } from './api/outcome'
import type { NodeEnvironment, NodeOptions } from './cluster/environment'
import { openNodeRuntime } from './cluster/node-runtime'
import { StoreClock } from './cluster/store-clock'
import { Desk } from './desk'
import { EventBus } from './events/event-bus'
import { generatedIdPrefix, type ParsedCommand } from './parse/command-input'
import type { DeskOptions } from './parse/desk-options'
import { type ParsedOptions, parseOptions } from './parse/desk-options'
import { type Clock, systemClock } from './runtime/clock'
import { CommandHandler } from './runtime/command-handler'
import { DeskAggregate } from './runtime/desk-aggregate'
import type { DeskRuntime } from './runtime/desk-runtime'
import type { DeskSnapshot } from './runtime/desk-snapshot'
import { devFreeze } from './runtime/dev-freeze'
import { openLocalRuntime } from './runtime/local-runtime'
import { createDeskFacts, RequestRouter } from './runtime/request-router'

/**
 * Opens a desk on its store: applies the history, then appends the changes that the options make. Deadlines that passed
 * while no desk was open are processed right after opening, once; `await desk.idle()` waits for them.
 *
 * @throws InvalidInputError for malformed options, with every problem found; DeskError for a store that cannot be read.
 */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  return openDeskWithEnvironment({}, options)
}

/** The parts of the machine that a simulation replaces. */
export interface DeskEnvironment {
  readonly environment?: NodeEnvironment
  readonly nodeOptions?: Partial<NodeOptions>
}

/** @internal */
export async function openDeskWithEnvironment(around: DeskEnvironment, options: DeskOptions): Promise<Desk> {
  const parsed = parseOptions(options)
  const { store = memoryStore(), newId = randomId } = parsed
  const eventBus = new EventBus()
  const metrics = new Metrics(parsed.metrics)
  const queuePositions = new QueuePositions()
  const requestRouter = createRequestRouter(parsed, eventBus, () => aggregate)
  const clock = isSynchronous(store) ? (parsed.clock ?? systemClock) : new StoreClock(parsed.clock ?? systemClock)
  const readers = { projections: [requestRouter], metrics, queuePositions }
  const aggregate: DeskAggregate = new DeskAggregate({ clock, eventBus, ...readers })
  const runtime = await openRuntime({ aggregate, store, clock, eventBus }, parsed.snapshot, around)
  const newCommandId = isSynchronous(store) ? null : commandIdGenerator(around.environment?.nodeId)
  const commandHandler = new CommandHandler({ aggregate, runtime, requestRouter, eventBus, newId, newCommandId })
  checkExecuted(await Promise.all(commandsFromOptions(parsed).map((command) => commandHandler.execute(command))))
  const unsubscribe = store.subscribe(runtime.onAppended.bind(runtime))
  runtime.scheduleWakeUp()
  return new Desk({ aggregate, requestRouter, store, commandHandler, runtime, eventBus, unsubscribe })
}

/** @throws DeskError when the desk could not execute a command that its options make. */
function checkExecuted(outcomes: readonly Outcome[]): void {
  const failure = outcomes.find(isFailure)
  if (failure === undefined) return
  throw new DeskError(failure.code === 'unavailable' ? failure.reason : 'store-failed', failure.message)
}

function createRequestRouter(
  { routing, vocabulary, defaultRoute }: ParsedOptions,
  eventBus: EventBus,
  aggregate: () => DeskAggregate,
): RequestRouter {
  const router = createRouter({
    ...routing,
    clock: { now: () => aggregate().now() },
    desk: createDeskFacts(() => aggregate().state),
    onDegraded: (degraded) => eventBus.emit('routing.degraded', devFreeze(degraded)),
  })
  const route = defaultRoute === undefined ? everyoneRoute : completeRoute(defaultRoute)
  return new RequestRouter({ router, eventBus, vocabulary, defaultRoute: route })
}

interface RuntimeParts {
  readonly aggregate: DeskAggregate
  readonly store: EventStore
  readonly clock: Clock | StoreClock
  readonly eventBus: EventBus
}

/** Opens the runtime of a store in this process, or of one that other nodes may share. */
function openRuntime(
  { aggregate, store, clock, eventBus }: RuntimeParts,
  snapshot: DeskSnapshot | undefined,
  { environment, nodeOptions }: DeskEnvironment,
): Promise<DeskRuntime> {
  const restoreSource = { store, snapshot }
  if (isSynchronous(store)) return openLocalRuntime({ aggregate, store, clock, eventBus }, restoreSource)
  return openNodeRuntime({
    ...{ aggregate, store, eventBus, restoreSource, environment, options: nodeOptions },
    clock: clock instanceof StoreClock ? clock : new StoreClock(clock),
  })
}

const randomId = () => crypto.randomUUID()
/** Returns 64 random bits as text: each command stores such an id, so a short one saves space. */
const shortId = () => crypto.getRandomValues(new BigUint64Array(1))[0]?.toString(36) ?? randomId()

/** Returns a generator of ids that no other desk generates; only a store outside this process needs them. */
function commandIdGenerator(desk: string = shortId()): () => string {
  let count = 0
  return () => `${generatedIdPrefix}${desk}:${++count}`
}

/** Returns the commands that set the options; an option equal to the state appends nothing. */
function commandsFromOptions({ policy, shifts, staff = [], workflows }: ParsedOptions): ParsedCommand[] {
  return [
    ...(policy === undefined ? [] : [{ type: 'setPolicy', policy } as const]),
    ...(shifts === undefined ? [] : [{ type: 'setShifts', shifts, reroute: false } as const]),
    ...staff.map((each) => ({ type: 'setStaff', staff: each }) as const),
    ...(workflows === undefined ? [] : [{ type: 'setWorkflows', workflows, reroute: false } as const]),
  ]
}
