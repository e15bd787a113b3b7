import { InvalidInputError } from '../../src/core'

/** The problems for which a parser refuses its input; none where it accepts it. */
export function problemsOf(parse: () => unknown): string[] {
  try {
    parse()
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message.split('\n')
    throw error
  }
  return []
}
