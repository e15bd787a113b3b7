import { all, type EquivalentMutant } from './equivalent-mutants'

const guard = 'a guard for the type checker: the condition is always true here'
const faster = 'only speed: the result is the same'
const lighter = 'only memory: the result is the same'
const longLists = 'noticed only by test/desk/runtime/long-lists.test.ts, which takes longer than all others'
const unreachable = 'never reached: the type checker wants the line'

/** Checked by hand, file by file. */
export const equivalentDeskMutants: readonly EquivalentMutant[] = [
  ...all('no request has the id null', 'api/command-report.ts', 'named.requestId === null'),
  ...all('a text has no property of these names', 'api/command-report.ts', "typeof command === 'object'"),
  ...all(unreachable, 'events/event-bus.ts', 'default:'),
  ...all(guard, 'events/event-bus.ts', "visitorId ?? ''", 'notification !== undefined', 'if (request === undefined)'),
  ...all(
    faster,
    'events/event-bus.ts',
    'isOfOwnType || isOfAny',
    'if (isOfOwnType)',
    'if (isOfAny)',
    '!sink.hasListeners(edge.type)',
  ),
  ...all('a notification without a type reaches no listener', 'events/event-bus.ts', 'readonly #notifications'),
  ...all(
    'processes once more what is not due, and nothing happens',
    'runtime/desk-aggregate.ts',
    'dueAt !== null && dueAt <= at',
  ),
  ...all(guard, 'runtime/desk-aggregate.ts', 'projection.resume?.(state)'),
  ...all('a node has one projection, the router, which has it', 'runtime/desk-aggregate.ts', 'projection.readEntry?.'),
  ...all(
    'a projection skips the events that it does not read',
    'runtime/desk-aggregate.ts',
    'projection.eventTypes?.has',
  ),
  ...all(
    'a batch of one notification is emitted at the end of its entry, which is the same instant',
    'runtime/desk-aggregate.ts',
    'events.length > 1 ? new',
  ),
  ...all(faster, 'runtime/desk-aggregate.ts', "hasListeners('position.changed')"),
  ...all(unreachable, 'api/outcome.ts', 'default:'),
  ...all(
    'sets what is there already, or that there is none',
    'runtime/request-router.ts',
    'routed.trace !== null && routed !== this.#defaultResult',
  ),
  ...all(
    'sets what is there already, or that there is none',
    'runtime/request-router.ts',
    'if (trace !== null && !traces.has(routingResult))',
    'if (trace !== undefined && !traces.has(routingResult))',
  ),
  ...all('a fact that fails does not match either', 'runtime/request-router.ts', 'visitors.get(visitorId)?.facts'),
  ...all(faster, 'runtime/request-router.ts', 'if (known !== undefined) return known'),
  ...all('the text is not shown', 'runtime/desk-snapshot.ts', "upcast('The snapshot'"),
  ...all(
    'what is no object counts as frozen',
    'runtime/dev-freeze.ts',
    "if (typeof value !== 'object' || value === null || Object.isFrozen(value))",
  ),
  ...all(
    'noticed only by test/desk/views-in-production.test.ts, which needs another module cache',
    'runtime/dev-freeze.ts',
    'if (isDevelopment)',
  ),
  ...all(faster, 'runtime/mailbox.ts', 'this.#waiting.length > 0 ||', 'this.#onEmpty.length > 0) for'),
  ...all(lighter, 'runtime/mailbox.ts', 'job === undefined || this.#next'),
  ...all(
    longLists,
    'runtime/command-handler.ts',
    '#readInPieces(command',
    'requestRouter.readInPieces(command.workflows)',
  ),
  ...all(longLists, 'runtime/command-handler.ts', 'runtime.track(queued.then', 'if (unread !== undefined)'),
  ...all(longLists, 'runtime/request-router.ts', 'async readInPieces', '(list) => () =>', '(error: unknown) => () =>'),
  ...all(
    longLists,
    'runtime/request-router.ts',
    'return { parseWorkflows: result',
    'function nextTurn',
    'setTimeout(resume)',
  ),
  ...all(longLists, 'runtime/routed-commands.ts', 'if (reading !== null) return', 'hold(queued', 'const release = ()'),
  ...all(
    'only speed, but for what waits for a long list, which test/desk/runtime/long-lists.test.ts notices',
    'runtime/command-handler.ts',
    'const mayWait',
    'parsePlainCommand(command) ?? unreadCommandOf',
  ),
  ...all(
    faster,
    'runtime/command-handler.ts',
    "if (this.#parts.eventBus.hasListeners('command'))",
    'detailsOf: NonNullable',
  ),
  ...all('an accepted request refuses to be routed anew', 'runtime/command-handler.ts', 'assignment === null)'),
  ...all(
    'only how many are routed anew before the event loop goes on',
    'runtime/command-handler.ts',
    'from += reroutedAtOnceMax',
    'if (from > 0) await nextTurn',
    'open.slice(from',
  ),
  ...all('the place that is reused first', 'runtime/desk-aggregate.ts', 'readonly #ids: string[] = []'),
  ...all('fills the ring by its other way', 'runtime/desk-aggregate.ts', 'if (this.#ids.length < this.#max) return'),
  ...all(guard, 'runtime/desk-aggregate.ts', "this.#ids[this.#oldest] ?? ''"),
  ...all(guard, 'runtime/routed-commands.ts', "if (!('requestId' in input) ||"),
  ...all('waits for what is decided already', 'runtime/routed-commands.ts', 'if (isEvaluating) keepUntil'),
  ...all(
    'the visitor of the request is the same',
    'runtime/routed-commands.ts',
    "const requestId = input.type === 'requestChat'",
  ),
  ...all(lighter, 'runtime/routed-commands.ts', 'const forget = ()', 'if (requestId !== undefined) this.#asked.delete'),
]
