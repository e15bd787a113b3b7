import { InvalidInputError, type StaffId } from '../core'
import type { Desk } from '../desk'
import type { PortalCommand, PortalOutcome } from '../portal'

/**
 * Does what one staff member's screen asks for, as that person and nobody else: the id comes from the host's
 * authentication. Chats may be ended and given away only by whoever has them when it is done. Never rejects.
 */
export async function askDesk(desk: Desk, staffId: StaffId, command: PortalCommand): Promise<PortalOutcome> {
  try {
    const outcome = await desk.execute(asStaff(staffId, command))
    return outcome.ok || outcome.code !== 'taken' ? outcome : { ...outcome, message: taken(desk, command, outcome.by) }
  } catch (error) {
    if (error instanceof InvalidInputError) return { ok: false, code: 'invalid', message: error.message }
    return { ok: false, code: 'failed', message: 'The desk could not do it.' }
  }
}

function asStaff(staffId: StaffId, command: PortalCommand) {
  const givesAway = command.type === 'release' || command.type === 'transfer'
  return givesAway ? { ...command, staffId, by: staffId } : { ...command, staffId }
}

function taken(desk: Desk, { type }: PortalCommand, by: StaffId): string {
  const name = desk.staff(by)?.name ?? by
  return type === 'accept' ? `${name} was faster.` : `${name} has it.`
}
