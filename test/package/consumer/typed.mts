import { type AwaitingItem, InvalidInputError, type Outcome, openDesk } from 'frontbell'
import { decide, emptyState } from 'frontbell/core'

const desk = await openDesk({ staff: [{ id: 'ana', teams: ['servers'] }] })
desk.on('stop', ({ requestId, staffIds, reason }) => console.log(requestId.length, staffIds.length, reason))
const awaiting: readonly AwaitingItem[] = desk.awaiting('ana')
const outcome: Outcome = await desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
const decision = decide(emptyState(), { type: 'tick', at: 0, times: [] })
// @ts-expect-error a staff member has an id
await openDesk({ staff: [{ name: 'Ana' }] })

export { awaiting, decision, InvalidInputError, outcome }
