import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { InputIssue } from '../core'
import { issueMessage, type Problem, pathIn } from './problem'

type Path = InputIssue['path']

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
    const tooDeepAt = tooDeep(this.#text)
    if (tooDeepAt !== null) {
      this.problems = [this.#problemAt(tooDeepAt, `expected at most ${depthMax} brackets inside each other`)]
      return
    }
    const errors: ParseError[] = []
    this.#tree = parseTree(this.#text, errors, { disallowComments: true, allowTrailingComma: false })
    // Whatever comes after the first one mostly comes of it.
    const first = errors.slice(0, 1)
    const doubled = errors.length === 0 ? doubledKeys(this.#tree) : []
    this.problems = [
      ...first.map(({ error, offset }) => this.#problemAt(offset, broken(printParseErrorCode(error)))),
      ...doubled.map(({ offset, value }) =>
        this.#problemAt(offset, `"${value}" was given already, in the same object`),
      ),
    ]
    this.value = this.problems.length === 0 ? JSON.parse(this.#text) : undefined
  }

  /** The problem that an issue of a parser names, at its line; the path begins inside this file. */
  problem(path: Path, issue: InputIssue): Problem {
    return this.at(path, { severity: 'error', message: issueMessage(issue) })
  }

  /** Something at a path, or at the nearest place around it that is there. */
  at(path: Path, { severity, message }: Pick<Problem, 'severity' | 'message'>): Problem {
    const offset = this.#nearest(path)?.offset ?? 0
    return { ...this.#problemAt(offset, message), severity, path: pathIn(path) }
  }

  #nearest(path: Path): Node | undefined {
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

/** Where the brackets are nested deeper than a parser that calls itself can follow. */
function tooDeep(text: string): number | null {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > depthMax) return index
  }
  return null
}

/** Keys that an object has had before: JSON takes the last one in silence. */
function doubledKeys(tree: Node | undefined): readonly Node[] {
  const found: Node[] = []
  for (let level = tree === undefined ? [] : [tree]; level.length > 0; level = level.flatMap(inside)) {
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

const inside = ({ children = [] }: Node): readonly Node[] => children

/** `CommaExpected` as `no JSON: comma expected`. */
function broken(code: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `no JSON: ${words}`
}
