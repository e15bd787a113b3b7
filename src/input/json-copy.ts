import { describeValue, type InputIssue, isPlainObject, type Json, jsonBytesOf } from '../core'

export type InputPath = readonly (string | number)[]

/** How much JSON one value may hold. */
export interface JsonLimits {
  readonly levelsMax: number
  /** What is expected of a value with more levels. Default: at most `levelsMax` levels. */
  readonly levelsExpected?: string
  readonly valuesMax: number
  readonly textLengthMax: number
  /** Of the copy, as JSON text in UTF-8. Default: without limit. */
  readonly bytesMax?: number
  /** Default `false`: a key whose value is `undefined` counts as left out. */
  readonly refusesUndefined?: boolean
  /** The copy is frozen all the way down. Default `false`. */
  readonly isFrozen?: boolean
}

export const issuesMax = 1_000
const pathLengthMax = 8

/**
 * Copies a value from outside: the copy shares nothing with it and holds nothing but JSON. Refuses cycles, keys that
 * reach a prototype and more than `limits` allow. Parts that are refused are `null` in the copy, and their problems are
 * in `issues`; the copy is `undefined` when a limit of the whole was exceeded.
 */
export function copyJson(
  value: unknown,
  { path, issues, limits }: { readonly path: InputPath; readonly issues: InputIssue[]; readonly limits: JsonLimits },
): Json | undefined {
  return new JsonCopier(path, issues, limits).copyAll(value)
}

class JsonCopier {
  readonly #limits: JsonLimits
  readonly #issues: InputIssue[]
  readonly #ancestors: object[] = []
  readonly #root: InputPath
  /** Where the copying is. One list, so that a path costs nothing until there is a problem. */
  readonly #path: (string | number)[]
  #valuesLeft: number
  /** A lower bound of the JSON text's length, which is at most 25 times as long in bytes. */
  #lengthMin = 0
  #isExceeded = false

  constructor(path: InputPath, issues: InputIssue[], limits: JsonLimits) {
    this.#root = path
    this.#path = [...path]
    this.#issues = issues
    this.#limits = limits
    this.#valuesLeft = limits.valuesMax
  }

  copyAll(value: unknown): Json | undefined {
    const { bytesMax } = this.#limits
    const copy = this.#copy(value)
    if (bytesMax !== undefined && !this.#isExceeded && this.#lengthMin * 25 > bytesMax) {
      const bytes = jsonBytesOf(copy)
      if (bytes > bytesMax) this.#exceed(`at most ${bytesMax} bytes of JSON`, `${bytes}`)
    }
    return this.#isExceeded ? undefined : copy
  }

  #copy(value: unknown): Json {
    this.#valuesLeft -= 1
    if (this.#valuesLeft <= 0) return this.#exceed(`at most ${this.#limits.valuesMax} values`, 'more')
    if (typeof value === 'string') return this.#copyText(value)
    this.#count(1)
    if (typeof value === 'boolean' || value === null) return value
    // Adding 0 makes 0 of -0, which JSON would not keep.
    if (typeof value === 'number' && Number.isFinite(value)) return value + 0
    if (typeof value === 'object' && (Array.isArray(value) || isPlainObject(value))) return this.#copyNested(value)
    return this.#refuse(typeof value === 'number' ? 'a finite number' : 'a JSON value', describeValue(value))
  }

  #copyText(value: string): Json {
    const { textLengthMax } = this.#limits
    this.#count(value.length + 2)
    if (value.length <= textLengthMax) return value
    return this.#refuse(`text of at most ${textLengthMax} characters`, describeValue(value))
  }

  #copyNested(value: object): Json {
    const { levelsMax, levelsExpected = `at most ${levelsMax} levels`, isFrozen } = this.#limits
    if (this.#ancestors.includes(value)) return this.#refuse('a JSON value', 'an object that contains itself')
    if (this.#ancestors.length >= levelsMax) {
      return this.#exceed(levelsExpected, 'more', this.#path.slice(0, pathLengthMax))
    }
    this.#ancestors.push(value)
    const copy = Array.isArray(value) ? this.#copyList(value) : this.#copyObject(value)
    this.#ancestors.pop()
    return isFrozen === true ? Object.freeze(copy) : copy
  }

  #copyList(value: readonly unknown[]): Json {
    const copy: Json[] = []
    for (let index = 0; index < value.length && !this.#isExceeded; index += 1) {
      this.#path.push(index)
      this.#count(1)
      copy.push(this.#copy(value[index]))
      this.#path.pop()
    }
    return copy
  }

  #copyObject(value: object): Json {
    const copy: Record<string, Json> = {}
    for (const key of Object.keys(value)) {
      if (this.#isExceeded) break
      const part: unknown = Reflect.get(value, key)
      if (part === undefined && this.#limits.refusesUndefined !== true) continue
      this.#path.push(key)
      this.#count(key.length + 3)
      if (isForbiddenKey(key)) this.#refuse('another key', JSON.stringify(key))
      else copy[key] = this.#copy(part)
      this.#path.pop()
    }
    return copy
  }

  #count(length: number): void {
    const { bytesMax = Number.POSITIVE_INFINITY } = this.#limits
    this.#lengthMin += length
    if (this.#lengthMin > bytesMax) this.#exceed(`at most ${bytesMax} bytes of JSON`, `more than ${bytesMax}`)
  }

  /** Ends the copying. */
  #exceed(expected: string, got: string, path = this.#root): null {
    if (!this.#isExceeded) this.#issues.push({ path, expected, got })
    this.#isExceeded = true
    return null
  }

  #refuse(expected: string, got: string): null {
    if (this.#issues.length < issuesMax) this.#issues.push({ path: [...this.#path], expected, got })
    return null
  }
}

/** Whether a key reaches a prototype where a reader is careless. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}
