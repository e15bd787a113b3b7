import { type Command, completeRoute, DeskError, defaultPolicy, everyoneRoute, Metrics, QueuePositions } from '../core'
import { createRouter, shiftTimeAt } from '../routing'
import { type EventStore, isSynchronous, memoryStore } from '../store'
import { isFailure } from './api/outcome'
import type { NodeEnvironment, NodeOptions } from './cluster/environment'
import { openNodeRuntime } from './cluster/node-runtime'
import { Desk } from './desk'
import { EventBus } from './events/event-bus'
import { generatedIdPrefix } from './parse/command-input'
import type { DeskOptions } from './parse/desk-options'
import { type ParsedOptions, type ParsedSettings, parseOptions } from './parse/desk-options'
import { type Clock, StoreClock, systemClock } from './runtime/clock'
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
  await makeSettings(parsed, { aggregate, runtime, newCommandId })
  const unsubscribe = store.subscribe(runtime.onAppended.bind(runtime))
  runtime.scheduleWakeUp()
  return new Desk({ aggregate, requestRouter, store, commandHandler, runtime, eventBus, unsubscribe })
}

interface SettingsTarget {
  readonly aggregate: DeskAggregate
  readonly runtime: DeskRuntime
  readonly newCommandId: (() => string) | null
}

/**
 * Makes the settings of the options, and the initial ones where the store is empty, all in one step.
 * @throws DeskError when the desk cannot.
 */
async function makeSettings({ settings, initial }: ParsedOptions, target: SettingsTarget): Promise<void> {
  const { aggregate, runtime, newCommandId } = target
  // Read when the command is decided: several nodes may open one new desk, and only the first finds the store empty.
  const settingsNow = () => (aggregate.version === 0 ? { ...initial, ...settings } : settings)
  // An opening without settings executes no command, which would process overdue deadlines before there are listeners.
  if (Object.keys(settingsNow()).length === 0) return
  const toCommand = (at: number) => configureCommand(settingsNow(), at)
  const outcome = await runtime.execute({ commandId: newCommandId?.() ?? null, toCommand, detailsOf: null })
  if (isFailure(outcome))
    throw new DeskError(outcome.code === 'unavailable' ? outcome.reason : 'store-failed', outcome.message)
}

function createRequestRouter(
  { routing, defaultRoute }: ParsedOptions,
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
  return new RequestRouter({ router, eventBus, defaultRoute: route })
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

/** Returns the command that makes settings, all in one step; a setting equal to the state's appends nothing. */
function configureCommand({ staff, shifts, workflows, policy }: ParsedSettings, at: number): Command {
  return {
    type: 'configure',
    policy: policy === undefined ? null : { ...defaultPolicy, ...policy },
    shifts: shifts === undefined ? null : { shifts, times: shifts.map((shift) => shiftTimeAt(shift, at)) },
    staff: staff ?? null,
    workflows: workflows ?? null,
    at,
  }
}
