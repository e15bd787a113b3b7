import { InvalidInputError, type StaffId } from '../core'
import type { Desk } from '../desk'
import type { PortalCommand, PortalOutcome } from '../portal'

/**
 * Does what one staff member's screen asks for, as that person and nobody else: the id comes from the host's
 * authentication. Chats may be ended and given away only by whoever has them. Never rejects.
 */
export async function askDesk(desk: Desk, staffId: StaffId, command: PortalCommand): Promise<PortalOutcome> {
  if (isAboutOwnChat(command) && desk.request(command.requestId)?.assignment?.staffId !== staffId) {
    return { ok: false, code: 'not-yours', message: `Request "${command.requestId}" is not your chat.` }
  }
  try {
    return await desk.execute(asStaff(staffId, command))
  } catch (error) {
    if (error instanceof InvalidInputError) return { ok: false, code: 'invalid', message: error.message }
    return { ok: false, code: 'failed', message: 'The desk could not do it.' }
  }
}

function isAboutOwnChat(command: PortalCommand): command is Extract<PortalCommand, { readonly requestId: string }> {
  return ['end', 'replied', 'release', 'transfer'].includes(command.type)
}

function asStaff(staffId: StaffId, command: PortalCommand) {
  switch (command.type) {
    case 'end':
    case 'replied':
      return command
    case 'release':
    case 'transfer':
      return { ...command, by: staffId }
    default:
      return { ...command, staffId }
  }
}
