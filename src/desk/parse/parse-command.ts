import * as z from 'zod/mini'
import type { InputIssue, Route, RouteInput, Shift, Staff, Target, WorkflowRecord } from '../../core'
import { completeRoute } from '../../core'
import {
  booleanSchema,
  collectIssues,
  durationSchema,
  idSchema,
  isRecord,
  issueOf,
  type JsonSchema,
  jsonOf,
  nullByDefault,
  objectOf,
  oneOf,
  type ParseContext,
  parsedBy,
  parseOrThrow,
  parseWithSchema,
  refuse,
  textSchema,
  wholeNumber,
} from '../../input'
import { parseRoute, parseShifts, parseTarget } from '../../routing'
import type { CommandInputType, ParsedCommand } from './command-input'
import { factsSchema } from './parse-facts'
import { capacityMax, parseRoster, policySchema, staffSchema } from './parse-staff'

const requestAndStaff = { requestId: idSchema, staffId: idSchema }
const ownedRequest = { requestId: idSchema, staffId: z.optional(idSchema) }
const session = { staffId: idSchema, sessionId: idSchema }
const commandId = idSchema.check(
  z.regex(/^(?!frontbell:)|^frontbell:.+:\d+$/, {
    error: 'an id that does not begin with "frontbell:", unless an outcome-unknown gave it',
  }),
)
const revisionMax = Number.MAX_SAFE_INTEGER
const reroute = z._default(booleanSchema, false)
const rulesChange = { reroute, ifRevision: z.optional(wholeNumber(0, revisionMax)), by: z.optional(idSchema) }
const facts = z._default(factsSchema, Object.freeze({}))
const destination = parsedBy<Route, Target | RouteInput>(parseDestination, () => ({
  anyOf: [{ $ref: 'target.json' }, { $ref: 'route.json' }],
}))
const workflows = parsedByRules<readonly WorkflowRecord[], readonly unknown[]>({ $ref: 'workflows.json' })
const workflow = parsedByRules<WorkflowRecord, unknown>({ $ref: 'workflows.json#/items' })
const shifts = parsedBy<readonly Shift[]>(
  (value, { path }) => parseShifts(value, path),
  () => ({ $ref: 'shifts.json' }),
)

const roster = parsedBy<readonly Staff[]>(
  (value, { path }) => parseRoster(value, path),
  () => ({ $ref: 'staff.json' }),
)

/** The schema of each command. */
export const commandSchemas = {
  requestChat: commandSchema('requestChat', {
    requestId: z.optional(idSchema),
    visitorId: idSchema,
    facts,
    weight: nullByDefault(wholeNumber(1, capacityMax)),
  }),
  cancel: commandSchema('cancel', { requestId: idSchema, reason: nullByDefault(textSchema) }),
  accept: commandSchema('accept', requestAndStaff),
  mute: commandSchema('mute', requestAndStaff),
  unmute: commandSchema('unmute', requestAndStaff),
  snooze: commandSchema('snooze', { ...requestAndStaff, forMs: durationSchema(1) }),
  decline: commandSchema('decline', { ...requestAndStaff, reason: nullByDefault(textSchema) }),
  release: commandSchema('release', { ...ownedRequest, by: idSchema, exclude: z._default(booleanSchema, false) }),
  transfer: commandSchema('transfer', { ...ownedRequest, by: idSchema, to: destination }),
  assign: commandSchema('assign', { ...requestAndStaff, by: idSchema }),
  visitorWrote: commandSchema('visitorWrote', { requestId: idSchema }),
  replied: commandSchema('replied', ownedRequest),
  end: commandSchema('end', ownedRequest),
  reroute: commandSchema('reroute', { requestId: idSchema }),
  updateFacts: commandSchema('updateFacts', { requestId: idSchema, facts: factsSchema, reroute }),
  visitorArrived: commandSchema('visitorArrived', { visitorId: idSchema, sessionId: z.optional(idSchema), facts }),
  visitorLeft: commandSchema('visitorLeft', { visitorId: idSchema, sessionId: z.optional(idSchema) }),
  visitorHeartbeat: commandSchema('visitorHeartbeat', { visitorId: idSchema, sessionId: idSchema }),
  connect: commandSchema('connect', session),
  disconnect: commandSchema('disconnect', session),
  heartbeat: commandSchema('heartbeat', session),
  setAvailability: commandSchema('setAvailability', { staffId: idSchema, availability: oneOf('available', 'away') }),
  setStaff: commandSchema('setStaff', { staff: jsonOf(staffSchema) }),
  removeStaff: commandSchema('removeStaff', { staffId: idSchema }),
  setRoster: commandSchema('setRoster', { staff: roster }),
  setWorkflows: commandSchema('setWorkflows', { workflows, ...rulesChange }),
  setWorkflow: commandSchema('setWorkflow', { workflow, ...rulesChange }),
  removeWorkflow: commandSchema('removeWorkflow', { name: idSchema, ...rulesChange }),
  setShifts: commandSchema('setShifts', { shifts, ...rulesChange }),
  setPolicy: commandSchema('setPolicy', { policy: jsonOf(policySchema) }),
} satisfies { readonly [Type in CommandInputType]: z.ZodMiniType }

/** Any command as a host gives it. */
export const commandsSchema = z.discriminatedUnion('type', Object.values(commandSchemas) as never)

export const commandTypes = Object.keys(commandSchemas) as readonly CommandInputType[]

const schemaByType = new Map<unknown, z.ZodMiniType>(Object.entries(commandSchemas))

function commandSchema<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return objectOf({ type: z.literal(type), ...shape, commandId: z.optional(commandId) })
}

/** Parses workflows for `parseCommand`, with the names of the host's operators and conditions. */
export interface RulesParser {
  /** @throws InvalidInputError with every problem found. */
  parseWorkflows(input: unknown): readonly WorkflowRecord[]
  /** @throws InvalidInputError with every problem found. */
  parseWorkflow(input: unknown): WorkflowRecord
}

function parsedByRules<Value, Input>(jsonSchema: JsonSchema) {
  return parsedBy<Value, Input>(
    (value) => value as Value,
    () => jsonSchema,
  )
}

/**
 * Parses a command from outside.
 * @throws InvalidInputError with every problem found.
 */
export function parseCommand(input: unknown, rules: RulesParser): ParsedCommand {
  return parseOrThrow((issues) => {
    if (!isRecord(input)) return refuse(issues, issueOf([], 'a command', input))
    const { type } = input
    const schema = schemaByType.get(type)
    if (schema === undefined) return refuse(issues, unknownTypeIssue(type))
    const command = parseWithSchema(schema, input, { path: [], issues }) as ParsedCommand | undefined
    if (type === 'setWorkflows' && Object.hasOwn(input, 'workflows')) {
      const parsed = collectIssues(issues, () => rules.parseWorkflows(input.workflows))
      return { ...command, workflows: parsed } as ParsedCommand
    }
    if (type === 'setWorkflow' && Object.hasOwn(input, 'workflow')) {
      const parsed = collectIssues(issues, () => rules.parseWorkflow(input.workflow))
      return { ...command, workflow: parsed } as ParsedCommand
    }
    return command
  })
}

/** A list of more workflows is read in pieces. */
const workflowsReadAtOnceMax = 8

/** Returns what stands for a command with a long list of workflows until the list is read; `null` for all others. */
export function unreadCommandOf(command: unknown): ParsedCommand | null {
  if (!isRecord(command) || command.type !== 'setWorkflows') return null
  const { workflows } = command
  if (!Array.isArray(workflows) || workflows.length <= workflowsReadAtOnceMax) return null
  return { type: 'setWorkflows', workflows: [], reroute: false, unread: { ...command, workflows } }
}

function unknownTypeIssue(type: unknown): InputIssue {
  return issueOf(['type'], `one of ${commandTypes.join(', ')}`, type, commandTypes)
}

/**
 * Returns the route of a transfer, with its defaults: from a target, or from a whole route, which alone has a key `to`
 * or `steps`.
 */
function parseDestination(value: unknown, { path }: ParseContext): Route {
  const isRoute = typeof value === 'object' && value !== null && ('steps' in value || 'to' in value)
  return completeRoute(isRoute ? parseRoute(value, path) : { to: parseTarget(value, path) })
}
