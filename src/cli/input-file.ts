import { readFileSync } from 'node:fs'
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import * as z from 'zod/mini'
import type { Facts, InputIssue } from '../core'
import { describeIssue, formatPath as formatInputPath } from '../core'
import { isRecord, issueOf, parsedBy, parseWithSchema, refuse, textSchema } from '../input'
import { parseInstant } from '../simulation'
import { CliError, exitCodes } from './command'
import type { Colorize, Terminal } from './terminal'

type JsonPath = InputIssue['path']

const depthMax = 500

/** A JSON file that remembers which line each of its values stands on. */
export class JsonFile {
  readonly name: string
  readonly value: unknown
  /** Where it is no JSON; empty for a sound file. */
  readonly problems: readonly Problem[]
  readonly #text: string
  readonly #tree: Node | undefined

  constructor(name: string, text: string) {
    this.name = name
    this.#text = text.replace(/^\uFEFF/, '')
    const tooDeepAt = findTooDeepOffset(this.#text)
    if (tooDeepAt !== null) {
      this.problems = [this.#problemAt(tooDeepAt, `expected at most ${depthMax} brackets inside each other`)]
      return
    }
    const errors: ParseError[] = []
    this.#tree = parseTree(this.#text, errors, { disallowComments: true, allowTrailingComma: false })
    // Later errors are mostly consequences of the first one.
    const first = errors.slice(0, 1)
    const doubled = errors.length === 0 ? findDuplicateKeys(this.#tree) : []
    this.problems = [
      ...first.map(({ error, offset }) => this.#problemAt(offset, describeSyntaxError(printParseErrorCode(error)))),
      ...doubled.map(({ offset, value }) =>
        this.#problemAt(offset, `"${value}" was given already, in the same object`),
      ),
    ]
    this.value = this.problems.length === 0 ? JSON.parse(this.#text) : undefined
  }

  /** The problem that an issue of a parser names, at its line; the path begins inside this file. */
  problemOfIssue(path: JsonPath, issue: InputIssue): Problem {
    return this.problemAtPath(path, { severity: 'error', message: describeIssue(issue) })
  }

  /** Something at a path, or at the nearest place around it that is there. */
  problemAtPath(path: JsonPath, { severity, message }: Pick<Problem, 'severity' | 'message'>): Problem {
    const offset = this.#nearest(path)?.offset ?? 0
    return { ...this.#problemAt(offset, message), severity, path: formatPath(path) }
  }

  #nearest(path: JsonPath): Node | undefined {
    if (this.#tree === undefined) return undefined
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNodeAtLocation(this.#tree, path.slice(0, length))
      if (node !== undefined) return node
    }
    return this.#tree
  }

  #problemAt(offset: number, message: string): Problem {
    const before = this.#text.slice(0, offset).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    return { severity: 'error', file: this.name, line: before.length, column, path: '', message }
  }
}

/** Returns where brackets are nested deeper than a recursive parser can follow. */
function findTooDeepOffset(text: string): number | null {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > depthMax) return index
  }
  return null
}

/** Returns the duplicate keys of objects: `JSON.parse` keeps the last one in silence. */
function findDuplicateKeys(tree: Node | undefined): readonly Node[] {
  const found: Node[] = []
  for (let level = tree === undefined ? [] : [tree]; level.length > 0; level = level.flatMap(childNodes)) {
    for (const { type, children = [] } of level) {
      const known = new Set<unknown>()
      for (const { children: [key] = [] } of type === 'object' ? children : []) {
        if (key !== undefined && known.has(key.value)) found.push(key)
        known.add(key?.value)
      }
    }
  }
  return found.sort((one, other) => one.offset - other.offset)
}

const childNodes = ({ children = [] }: Node): readonly Node[] => children

/** `CommaExpected` as `no JSON: comma expected`. */
function describeSyntaxError(code: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `no JSON: ${words}`
}

/** A problem in a file, and its place. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1; `null` where no line is concerned. */
  readonly line: number | null
  readonly column: number | null
  /** Where inside the JSON, as in `workflows[3].event`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** `workflows.json:12:5: error: [3].event: expected …`, which editors and terminals make a link. */
export function formatProblem({ severity, file, line, column, path, message }: Problem): string {
  const place = line === null ? file : `${file}:${line}${column === null ? '' : `:${column}`}`
  return `${place}: ${severity}: ${path === '' ? '' : `${path}: `}${message}`
}

/** A path inside a file; empty for the file itself. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.length === 0 ? '' : formatInputPath(path)
}

/** A problem as a line of text, in the colour of its weight. */
export function colorizeProblem(problem: Problem, colorize: Colorize): string {
  const style = problem.severity === 'error' ? 'red' : 'yellow'
  return formatProblem(problem).replace(`: ${problem.severity}: `, () => `: ${colorize(style, problem.severity)}: `)
}

export function printProblems(problems: readonly Problem[], terminal: Terminal): void {
  for (const problem of problems) terminal.printError(colorizeProblem(problem, terminal.colorizeError))
}

/** How standard input is called in problems. */
const standardInputName = '<stdin>'

/** A file as text, or standard input for `-`, which can be read once. */
export function readText(file: string, terminal: Terminal): { readonly name: string; readonly text: string } {
  if (file === '-') {
    return { name: standardInputName, text: decodeUtf8(standardInputName, terminal.readStandardInput()) }
  }
  return { name: file, text: decodeUtf8(file, readBytes(file)) }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CliError(`${file}: ${describeFileError(error)}`, exitCodes.unreadable)
  }
}

const replacement = '\uFFFD'

/** Keeps a byte order mark. @throws CliError for bytes that are no UTF-8, with the first of them. */
function decodeUtf8(name: string, bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const isUtf8 = !text.includes(replacement) || Buffer.from(text).equals(bytes)
  if (isUtf8) return text
  // The text before the first replacement that stands for no such letter of the file is as many bytes as in the file.
  let at = -1
  let offset = -1
  do {
    at = text.indexOf(replacement, at + 1)
    offset = Buffer.byteLength(text.slice(0, at))
  } while (Buffer.from(replacement).equals(bytes.subarray(offset, offset + 3)))
  const line = text.slice(0, at).split('\n').length
  const byte = `0x${(bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`
  const message = `${name}:${line}: error: expected UTF-8, got the byte ${byte}: save the file as UTF-8`
  throw new CliError(message, exitCodes.unreadable)
}

const fileErrorTexts: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, and a file is needed',
  EACCES: 'it may not be read or written',
}

/** Why a file could not be read or written, in words. */
export function describeFileError(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return fileErrorTexts[code] ?? message
}

/** One request of a file of requests. */
export interface RequestLine {
  readonly line: number
  readonly facts: Facts
  readonly visitorId: string | null
  /** What is known of the visitor, for the fact `visitor`. */
  readonly visitorFacts: Facts | null
  readonly weight: number | null
  /** When it came; `null`: at the time of the whole run. */
  readonly at: number | null
}

export interface ParsedRequests {
  readonly requests: readonly RequestLine[]
  /** One for each line that is no request; empty lines are none. */
  readonly problems: readonly Problem[]
}

/**
 * Requests from JSON lines. A line with an object `facts` may also have `visitorId`, `visitor` (its facts), `weight`
 * and `at`; other keys are ignored, as in recordings. Without `facts`, the whole object is the facts.
 */
export function parseRequestLines(name: string, text: string): ParsedRequests {
  const requests: RequestLine[] = []
  const problems: Problem[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue
    const line = index + 1
    const file = new JsonFile(name, raw)
    const issues: InputIssue[] = []
    const request = file.problems.length > 0 ? undefined : parseRequestLine(file.value, issues)
    if (request !== undefined) requests.push({ line, ...request })
    const found = [...file.problems, ...issues.map((issue) => file.problemOfIssue(issue.path, issue))]
    problems.push(...found.map((problem) => ({ ...problem, line })))
  }
  return { requests, problems }
}

const factsSchema = z.custom<Facts>(isRecord, { error: 'an object of facts' })

const requestLineSchema = z.object({
  facts: factsSchema,
  visitorId: z._default(z.nullable(textSchema), null),
  visitor: z._default(z.nullable(factsSchema), null),
  weight: z._default(z.nullable(z.number({ error: 'a number' })), null),
  at: z._default(
    z.nullable(
      parsedBy<number, unknown>((value, { path, issues }) => {
        return parseInstant(value) ?? refuse(issues, issueOf(path, instantExpectation, value))
      }),
    ),
    null,
  ),
})

/** Returns the request of a line; what the line says is parsed as a host's input when the request is routed. */
function parseRequestLine(value: unknown, issues: InputIssue[]): Omit<RequestLine, 'line'> | undefined {
  if (!isRecord(value)) return refuse(issues, issueOf([], 'a JSON object', value))
  const given = Object.hasOwn(value, 'facts') ? value : { facts: value }
  const parsed = parseWithSchema(requestLineSchema, given, { path: [], issues })
  if (parsed === undefined) return undefined
  const { visitor: visitorFacts, ...request } = parsed
  return { ...request, visitorFacts }
}

export const instantExpectation = 'an instant such as "2026-11-23T09:00:00Z", or milliseconds since the epoch'
