import { describeValue } from '../../core'

/** Keys and indexes from the outside in, as an `InputIssue` tells them. */
export type InputPath = readonly (string | number)[]

/** Where something stands, told from the inside out: a path is written down only when there is something to tell. */
export type IssuePath = InputPath | NestedPath

export interface NestedPath {
  readonly parent: IssuePath
  readonly key: string
  /** In the list that stands at the key. */
  readonly index?: number | null
}

/** The path to a place, and on to something in it. */
export function toInputPath(place: IssuePath, ...further: InputPath): InputPath {
  const keys = [...further].reverse()
  let at = place
  while ('parent' in at) {
    const { parent, key, index = null } = at
    if (index !== null) keys.push(index)
    keys.push(key)
    at = parent
  }
  return [...at, ...keys.reverse()]
}

/** What came, in the words of an error. */
export function describeReceived(value: unknown): string {
  return value === undefined ? 'nothing' : describeValue(value)
}
