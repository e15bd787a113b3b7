import { describeValue, type Facts, type InputIssue, InvalidInputError, isPlainObject, type Json } from '../../core'
import type { Guard, Path } from './guard'

export const factsBytesMax = 16 * 1_024
export const factsDepthMax = 32
const issuesMax = 50

/**
 * Copies facts that came from outside: plain JSON, at most 16 KiB of it and 32 levels deep, and no key that could reach
 * a prototype. The copy shares nothing with the input and is frozen, so that views can show it without copying again.
 *
 * @throws InvalidInputError with every problem found.
 */
export function parseFacts(input: unknown, path: Path = ['facts']): Facts {
  const issues: InputIssue[] = []
  const facts = factsGuard(input, path, issues)
  if (facts === undefined || issues.length > 0) throw new InvalidInputError(issues)
  return facts
}

export const factsGuard: Guard<Facts> = (value, path, issues) => new FactsParser(issues).parse(value, path)

/**
 * One pass: checks, copies and bounds the size. The bounds count a character as 1 to 6 bytes, the exact size is taken
 * only where they disagree; the lower one also ends a walk through shared parts that would unfold without end.
 */
class FactsParser {
  readonly #issues: InputIssue[]
  readonly #known: number
  readonly #above: object[] = []
  #bytesAtLeast = 0
  #bytesAtMost = 0

  constructor(issues: InputIssue[]) {
    this.#issues = issues
    this.#known = issues.length
  }

  parse(value: unknown, path: Path): Facts {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlainObject(value)) {
      this.#wrong(path, 'an object of JSON values', value)
      return {}
    }
    if (Object.keys(value).length === 0) return emptyFacts
    const copy = this.#object(value, path)
    if (this.#isTooLarge) this.#add(path, `at most ${factsBytesMax} bytes of JSON`, `more than ${factsBytesMax}`)
    else if (this.#bytesAtMost > factsBytesMax && this.#found === 0) this.#checkSize(copy, path)
    return copy
  }

  #checkSize(facts: Facts, path: Path): void {
    const bytes = new TextEncoder().encode(JSON.stringify(facts)).length
    if (bytes > factsBytesMax) this.#add(path, `at most ${factsBytesMax} bytes of JSON`, `${bytes}`)
  }

  #object(value: Record<string, unknown>, path: Path): Facts {
    if (!this.#enter(value, path)) return {}
    const copy: Record<string, Json> = {}
    for (const key of Object.keys(value)) {
      if (this.#isOver) break
      this.#count(key.length + 3, key.length * 6 + 4)
      const part = value[key]
      if (isForbiddenKey(key)) this.#add([...path, key], 'another key', `"${key}"`)
      else if (typeof part === 'string') copy[key] = this.#text(part)
      else copy[key] = this.#json(part, [...path, key])
    }
    this.#above.pop()
    return Object.freeze(copy)
  }

  #list(value: readonly unknown[], path: Path): Json {
    if (!this.#enter(value, path)) return null
    const copy: Json[] = []
    for (let index = 0; index < value.length && !this.#isOver; index += 1) {
      this.#count(1, 1)
      copy.push(this.#json(value[index], [...path, index]))
    }
    this.#above.pop()
    return Object.freeze(copy)
  }

  #json(value: unknown, path: Path): Json {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'object' && value !== null) return this.#nested(value, path)
    if (typeof value === 'boolean' || value === null) {
      this.#count(4, 5)
      return value
    }
    this.#count(1, 25)
    // Adding 0 makes 0 of -0, which JSON would not keep.
    if (typeof value === 'number' && Number.isFinite(value)) return value + 0
    this.#wrong(path, typeof value === 'number' ? 'a finite number' : 'a JSON value', value)
    return null
  }

  #text(value: string): string {
    this.#count(value.length + 2, value.length * 6 + 2)
    return value
  }

  #nested(value: object, path: Path): Json {
    if (Array.isArray(value)) return this.#list(value, path)
    if (isPlainObject(value)) return this.#object(value, path)
    this.#wrong(path, 'a JSON value', value)
    return null
  }

  #enter(value: object, path: Path): boolean {
    this.#count(1, 2)
    if (this.#above.includes(value)) this.#add(path, 'a JSON value', 'an object that contains itself')
    else if (this.#above.length >= factsDepthMax) this.#add(path, `at most ${factsDepthMax} levels`, 'one more')
    else return this.#above.push(value) > 0
    return false
  }

  get #found(): number {
    return this.#issues.length - this.#known
  }

  get #isTooLarge(): boolean {
    return this.#bytesAtLeast > factsBytesMax
  }

  get #isOver(): boolean {
    return this.#isTooLarge || this.#found >= issuesMax
  }

  #count(atLeast: number, atMost: number): void {
    this.#bytesAtLeast += atLeast
    this.#bytesAtMost += atMost
  }

  #wrong(path: Path, expected: string, value: unknown): void {
    this.#add(path, expected, describeValue(value))
  }

  #add(path: Path, expected: string, got: string): void {
    this.#issues.push({ path, expected, got })
  }
}

const emptyFacts: Facts = Object.freeze({})

/** Keys that reach a prototype where a reader is careless. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}
