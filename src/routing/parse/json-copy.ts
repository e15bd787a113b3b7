import { type InputIssue, isPlainObject, type Json } from '../../core'
import { routingLimits } from '../routing-limits'
import { describeReceived } from './issue-path'

type JsonPath = readonly (string | number)[]

/**
 * Copies what came from outside, so that nobody can change it later and nothing in it is more than JSON. Bounded in
 * depth and size before anything else looks at it; a key that could reach a prototype is refused. Returns `undefined`
 * when something was wrong, and says what in `issues`.
 */
export function copyJson(value: unknown, path: JsonPath, issues: InputIssue[]): Json | undefined {
  const known = issues.length
  const copy = new JsonCopier(path, issues).copy(value)
  return issues.length === known ? copy : undefined
}

class JsonCopier {
  readonly #issues: InputIssue[]
  readonly #above: object[] = []
  /** Where the copying is; one list, so that a path costs nothing until somebody has to be told. */
  readonly #path: (string | number)[]
  #valuesLeft: number = routingLimits.jsonValuesMax

  constructor(path: JsonPath, issues: InputIssue[]) {
    this.#path = [...path]
    this.#issues = issues
  }

  copy(value: unknown): Json {
    this.#valuesLeft -= 1
    if (this.#valuesLeft <= 0) return this.#refuse(`at most ${routingLimits.jsonValuesMax} values`, 'more')
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'boolean' || value === null) return value
    // Adding 0 makes 0 of -0, which JSON would not keep.
    if (typeof value === 'number' && Number.isFinite(value)) return value + 0
    if (typeof value === 'object' && (Array.isArray(value) || isPlainObject(value))) return this.#nested(value)
    return this.#refuse('a JSON value', describeReceived(value))
  }

  #text(value: string): Json {
    const { textLengthMax } = routingLimits
    if (value.length <= textLengthMax) return value
    return this.#refuse(`text of at most ${textLengthMax} characters`, describeReceived(value))
  }

  #nested(value: object): Json {
    if (this.#above.includes(value)) return this.#refuse('a JSON value', 'an object that contains itself')
    if (this.#above.length >= routingLimits.jsonLevelsMax) {
      const { conditionLevelsMax, jsonLevelsMax } = routingLimits
      const expected = `at most ${conditionLevelsMax} levels of conditions and ${jsonLevelsMax} of JSON`
      return this.#refuse(expected, 'more', 8)
    }
    this.#above.push(value)
    const copy = Array.isArray(value) ? this.#list(value) : this.#object(value)
    this.#above.pop()
    return copy
  }

  #list(value: readonly unknown[]): Json {
    const copy: Json[] = []
    for (let index = 0; index < value.length && this.#valuesLeft > 0; index += 1) {
      this.#path.push(index)
      copy.push(this.copy(value[index]))
      this.#path.pop()
    }
    return copy
  }

  #object(value: object): Json {
    const copy: Record<string, Json> = {}
    for (const key of Object.keys(value)) {
      if (this.#valuesLeft <= 0) break
      const part: unknown = Reflect.get(value, key)
      if (part === undefined) continue
      this.#path.push(key)
      if (isForbiddenKey(key)) this.#refuse('another key', JSON.stringify(key))
      else copy[key] = this.copy(part)
      this.#path.pop()
    }
    return copy
  }

  #refuse(expected: string, got: string, segmentsMax = this.#path.length): null {
    if (this.#issues.length < routingLimits.issuesMax) {
      this.#issues.push({ path: this.#path.slice(0, segmentsMax), expected, got })
    }
    return null
  }
}

/** Keys that reach a prototype where a reader is careless. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}
