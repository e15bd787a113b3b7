import type { Invariant } from './invariant'

/** I15: a refused command appends nothing and emits nothing. */
export const refusalsAreFree: Invariant = {
  id: 'I15',
  name: 'refusals are free',
  watch: () => ({
    afterTurn: ({ command, outcome, steps }) => {
      if (outcome.ok || steps.length === 0) return null
      return `${command.type} was refused as ${outcome.code} and made ${steps.map(({ event }) => event.type)}`
    },
  }),
}
