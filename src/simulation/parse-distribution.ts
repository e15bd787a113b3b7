import { type Guard, isRecord, listOf, record, wrong } from '../desk'
import type { Distribution } from './distribution'

const valuesMax = 1_000_000
/** A year: longer times are mistakes of the unit. */
const msMax = 366 * 86_400_000

export const timeMs: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value >= 0 && value <= msMax
    ? value
    : wrong(issues, path, 'milliseconds, 0 or more and at most 366 days', value)

const aboveZeroMs: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value > 0 && value <= msMax
    ? value
    : wrong(issues, path, 'milliseconds above 0 and at most 366 days', value)

const name: Guard<unknown> = (value) => value

const values: Guard<readonly number[]> = (value, path, issues) => {
  const list = listOf(timeMs, valuesMax)(value, path, issues)
  return list?.length === 0 ? wrong(issues, path, 'at least one time', value) : list
}

const shapes: { readonly [Name in Distribution['distribution']]: Guard<unknown> } = {
  fixed: record({ required: { distribution: name, ms: timeMs }, optional: {} }),
  exponential: record({ required: { distribution: name, meanMs: aboveZeroMs }, optional: {} }),
  lognormal: record({ required: { distribution: name, meanMs: aboveZeroMs, sdMs: timeMs }, optional: {} }),
  empirical: record({ required: { distribution: name, valuesMs: values }, optional: {} }),
}

/** How long something takes, as a person writes it: a copy. */
export const distributionGuard: Guard<Distribution> = (value, path, issues) => {
  if (!isRecord(value)) return wrong(issues, path, 'an object with distribution', value)
  const kind = Object.keys(shapes).find((one) => one === value.distribution)
  if (kind === undefined) {
    const expected = Object.keys(shapes)
      .map((one) => `"${one}"`)
      .join(', ')
    return wrong(issues, [...path, 'distribution'], `one of ${expected}`, value.distribution)
  }
  return shapes[kind as keyof typeof shapes](value, path, issues) as Distribution | undefined
}
