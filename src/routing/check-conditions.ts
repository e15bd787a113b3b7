import type { InputIssue } from '../core'
import { checkComparison } from './check-comparison'
import { type Condition, type Conditions, groupKeys } from './condition'
import type { HostNames } from './operator-names'
import { type Place, pathTo } from './place'
import { routingLimits } from './routing-limits'
import { shown } from './shown'
import type { NamedConditions } from './workflow'

/** What workflows may name. */
export interface Vocabulary {
  readonly conditions: NamedConditions
  readonly names: HostNames
}

interface Checking {
  readonly vocabulary: Vocabulary
  readonly issues: InputIssue[]
}

/**
 * What json-rules-engine would get wrong in silence or fail at while a request waits (SEMANTICS 7): empty or several
 * groups in one node, unknown names, circles, too much of anything. Goes no deeper than conditions may go.
 */
export function checkConditions(root: Conditions, place: Place, checking: Checking): void {
  if ('fact' in root) {
    const expected = 'all, any, not or condition at the root of conditions'
    checking.issues.push({ path: pathTo(place), expected, got: 'a single condition' })
  }
  new Walk(place, checking).check(root, place, 1)
}

/** One walk through the conditions of one workflow. */
class Walk {
  readonly #root: Place
  readonly #vocabulary: Vocabulary
  readonly #issues: InputIssue[]
  /** Named conditions on the way to where it is. */
  readonly #names: string[] = []
  #left: number = routingLimits.conditionsMax

  constructor(root: Place, { vocabulary, issues }: Checking) {
    this.#root = root
    this.#vocabulary = vocabulary
    this.#issues = issues
  }

  check(condition: Condition, place: Place, level: number): void {
    if (this.#left < 0 || this.#issues.length > routingLimits.issuesMax) return
    this.#left -= 1
    if (this.#left < 0) {
      const expected = `at most ${routingLimits.conditionsMax} conditions in one workflow`
      return this.#refuse(this.#root, expected, 'more')
    }
    const kinds = kindsOf(condition)
    if (kinds !== 1) {
      const got = allKinds.filter((key) => Object.hasOwn(condition, key)).join(' and ') || 'none of them'
      return this.#refuse(place, 'exactly one of all, any, not, condition, fact', got)
    }
    if (level > routingLimits.conditionLevelsMax) {
      return this.#refuse(place, `at most ${routingLimits.conditionLevelsMax} levels of conditions`, 'one more')
    }
    if ('fact' in condition || Object.hasOwn(condition, 'operator')) this.#checkLeaf(condition, place)
    else this.#checkInside(condition, place, level + 1)
  }

  #checkInside(condition: Exclude<Condition, { fact: string }>, place: Place, level: number): void {
    this.#refuseKeysOfLeaves(condition, place)
    if ('condition' in condition) this.#checkBehind(condition.condition, place, level)
    else if ('not' in condition) this.check(condition.not, { within: place, key: 'not' }, level)
    else {
      const key = 'all' in condition ? 'all' : 'any'
      const parts = 'all' in condition ? condition.all : condition.any
      for (let index = 0; index < parts.length; index += 1) {
        const part = parts[index]
        if (part !== undefined) this.check(part, { within: place, key, index }, level)
      }
    }
  }

  /** What a reference stands for; it is counted where it is used, since json-rules-engine copies it there. */
  #checkBehind(name: string, place: Place, level: number): void {
    const { conditions } = this.#vocabulary
    const inside = { within: place, key: 'condition' }
    const found = Object.hasOwn(conditions, name) ? conditions[name] : undefined
    if (found === undefined) {
      const known = Object.keys(conditions).slice(0, 10).join(', ') || 'none is known'
      this.#refuse(inside, `the name of a known condition (${known})`, shown(name))
    } else if (this.#names.includes(name)) {
      const circle = [...this.#names.slice(this.#names.indexOf(name)), name].join(' > ')
      this.#refuse(inside, 'a condition that does not lead back to itself', `a circle: ${circle}`)
    } else {
      this.#names.push(name)
      this.check(found, inside, level)
      this.#names.pop()
    }
  }

  #checkLeaf(condition: Condition, place: Place): void {
    let isWhole = true
    for (const key of neededKeys) {
      if (Object.hasOwn(condition, key)) continue
      isWhole = false
      this.#refuse({ within: place, key }, `${key} of a condition`, 'nothing')
    }
    if (!isWhole || !('fact' in condition)) return
    checkComparison(condition, place, { names: this.#vocabulary.names, issues: this.#issues })
  }

  #refuseKeysOfLeaves(condition: Condition, place: Place): void {
    for (const key of leafKeys) {
      if (!Object.hasOwn(condition, key)) continue
      const by = groupKeys.find((group) => Object.hasOwn(condition, group))
      this.#refuse({ within: place, key }, `no ${key} beside ${by}`, 'one')
    }
  }

  #refuse(place: Place, expected: string, got: string): void {
    this.#issues.push({ path: pathTo(place), expected, got })
  }
}

const neededKeys = ['fact', 'operator', 'value'] as const
const leafKeys = ['operator', 'value', 'path', 'params'] as const
const allKinds = [...groupKeys, 'fact'] as const

/** A leaf without its fact is one that lacks it. */
function kindsOf(condition: Condition): number {
  let kinds = Object.hasOwn(condition, 'fact') || Object.hasOwn(condition, 'operator') ? 1 : 0
  for (const key of groupKeys) if (Object.hasOwn(condition, key)) kinds += 1
  return kinds
}
