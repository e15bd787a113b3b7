import { dirname, isAbsolute, join } from 'node:path'
import { CliError } from './cli-error'
import { exitCodes } from './exit-codes'
import { JsonFile } from './json-file'
import type { Problem } from './problem'
import { readText } from './read-text'
import { type PartName, partNames, type RulePart } from './rule-part'
import type { Terminal } from './terminal'

/** Files that were read, and which part of the rules stands where. */
export interface RuleFiles {
  readonly files: readonly JsonFile[]
  readonly parts: ReadonlyMap<string, RulePart>
  /** Files that are no JSON, or hold what nobody can place. */
  readonly problems: readonly Problem[]
}

/**
 * Reads files of rules. A file holds a list (workflows, staff or shifts: what is in it tells), or an object with any
 * of the parts; there, a text in the place of a part names the file that holds it, seen from this one.
 * @throws CliError for a file that cannot be read.
 */
export function readRuleFiles(names: readonly string[], terminal: Terminal): RuleFiles {
  const reading = new Reading(terminal)
  for (const name of names) reading.read(name)
  return reading
}

class Reading implements RuleFiles {
  readonly files: JsonFile[] = []
  readonly parts = new Map<string, RulePart>()
  readonly problems: Problem[] = []
  readonly #terminal: Terminal

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  read(name: string): void {
    const file = this.#open(name)
    if (file.problems.length > 0) return
    if (Array.isArray(file.value)) return this.#list(file)
    if (typeof file.value === 'object' && file.value !== null) return this.#object(file, file.value)
    this.#complain(file, [], 'expected a list or an object')
  }

  #open(name: string): JsonFile {
    const { name: shown, text } = readText(name, this.#terminal)
    const file = new JsonFile(shown, text)
    this.files.push(file)
    this.problems.push(...file.problems)
    return file
  }

  #list(file: JsonFile): void {
    const kind = kindOf(file.value as readonly unknown[], file.name)
    if (kind === undefined) this.#complain(file, [], 'expected a list of workflows, of staff or of shifts')
    else this.#put(kind, { file, base: [], value: file.value })
  }

  #object(file: JsonFile, object: object): void {
    const entries = Object.entries(object)
    if ('conditions' in object && 'event' in object)
      return this.#complain(file, [], 'expected a list of workflows, got a single one')
    for (const [key, value] of entries) {
      const isPart = (partNames as readonly string[]).includes(key)
      if (isPart && typeof value === 'string') this.#elsewhere(key as PartName, file, value)
      else this.#put(key, { file, base: [key], value })
    }
  }

  /** The part stands in a file of its own. */
  #elsewhere(key: PartName, file: JsonFile, name: string): void {
    const path = isAbsolute(name) || file.name === '<stdin>' ? name : join(dirname(file.name), name)
    try {
      const other = this.#open(path)
      if (other.problems.length === 0) this.#put(key, { file: other, base: [], value: other.value })
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== exitCodes.unreadable) throw error
      this.#complain(file, [key], error.message)
    }
  }

  #put(key: string, part: RulePart): void {
    const known = this.parts.get(key)
    if (known === undefined) this.parts.set(key, part)
    else this.#complain(part.file, part.base, `${key} were given already, in ${known.file.name}`)
  }

  #complain(file: JsonFile, path: RulePart['base'], message: string): void {
    this.problems.push(file.at(path, { severity: 'error', message }))
  }
}

const marks: readonly (readonly [PartName, readonly string[]])[] = [
  ['workflows', ['conditions', 'event']],
  ['shifts', ['timeZone', 'weekly']],
  ['staff', ['id']],
]

const fileNames: readonly (readonly [PartName, RegExp])[] = [
  ['workflows', /workflow|rule/i],
  ['shifts', /shift|hours/i],
  ['staff', /staff|roster|agent|people/i],
]

/** What a list holds: told by the keys of what is in it, or else by the name of the file. */
function kindOf(list: readonly unknown[], fileName: string): PartName | undefined {
  const keys = new Set(list.flatMap((one) => (typeof one === 'object' && one !== null ? Object.keys(one) : [])))
  const byKeys = marks.find(([, signs]) => signs.some((sign) => keys.has(sign)))
  return (byKeys ?? fileNames.find(([, pattern]) => pattern.test(fileName)))?.[0]
}
