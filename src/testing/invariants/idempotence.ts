import type { Command, CommandType } from '../../core'
import type { Chronicle } from '../chronicle/chronicle'
import type { DeskView } from '../playing/desk-view'
import type { Turn } from '../playing/turn'
import type { Invariant } from './invariant'

/** Commands that say how things are: said twice at one instant, they change nothing the second time. */
const statements: ReadonlySet<CommandType> = new Set<CommandType>([
  'requestChat',
  'accept',
  'mute',
  'unmute',
  'decline',
  'replied',
  'connect',
  'disconnect',
  'heartbeat',
  'setAvailability',
  'setStaff',
  'removeStaff',
  'setWorkflows',
  'setShifts',
  'setPolicy',
  'visitorLeft',
  'cancel',
  'end',
  'tick',
])

/** I7: an extra tick at the same instant changes nothing, nor does a statement made twice. */
export const idempotence: Invariant = {
  id: 'I7',
  name: 'idempotence',
  watch: () => {
    let last: Turn | null = null
    return {
      afterTurn: (turn) => {
        if (turn.command.type !== 'tick') last = turn
        return null
      },
      atRest: (desk, book) => {
        const again = said(desk, { type: 'tick', at: book.at, times: [] })
        if (again !== null) return again
        return last === null || !isStillSo(last, book) ? null : said(desk, last.command)
      },
    }
  },
}

/** A deadline that came with the command may have undone it: then saying it again is news. */
function isStillSo({ command, outcome }: Turn, book: Chronicle): boolean {
  return outcome.ok && statements.has(command.type) && command.at === book.at && command.type !== 'requestChat'
}

function said(desk: DeskView, command: Command): string | null {
  const events = desk.ask?.(command).events ?? []
  return events.length === 0
    ? null
    : `${command.type} once more at ${command.at} makes ${events.map(({ type }) => type)}`
}
