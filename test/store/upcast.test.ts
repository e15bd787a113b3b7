import { describe, expect, it } from 'vitest'
import { DeskError } from '../../src/core'
import { type Upcast, upcast } from '../../src/store/event-store'

const rename: Upcast = ({ commands, ...rest }) => ({ ...rest, answered: commands })
const count: Upcast = ({ answered, ...rest }) => ({ ...rest, answered, count: (answered as unknown[]).length })

describe('what an earlier release wrote', () => {
  it('[L31] goes through every step from its own schema to the newest', () => {
    const written = { schema: 1, commands: ['a'], events: [] }
    expect(upcast('Entry 1', written, [rename, count])).toEqual({ schema: 3, answered: ['a'], count: 1, events: [] })
    const second = { schema: 2, answered: [], events: [] }
    expect(upcast('Entry 1', second, [rename, count])).toEqual({ schema: 3, answered: [], count: 0, events: [] })
    expect(written).toEqual({ schema: 1, commands: ['a'], events: [] })
  })

  it('[L31] is the same object where this release wrote it', () => {
    const written = { schema: 1, commands: [], events: [] }
    expect(upcast('Entry 1', written, 'entry')).toBe(written)
    expect(upcast('The snapshot', written, 'snapshot')).toBe(written)
  })

  it('[L22] is refused where a newer release wrote it, with what to do', () => {
    const refused = upcast('Entry 7 of desk "front"', { schema: 2 }, 'entry')
    expect(refused).toBeInstanceOf(DeskError)
    expect(refused).toMatchObject({
      code: 'store-newer-schema',
      message:
        'Entry 7 of desk "front" has schema 2, and this release reads schemas up to 1. Update frontbell on this node.',
    })
  })

  it.each([undefined, 0, -1, 1.5, '1', null])('[L22] without a schema (%j) is left to its reader', (schema) => {
    const written = { schema, events: [] }
    expect(upcast('Entry 1', written, [rename])).toBe(written)
  })
})
