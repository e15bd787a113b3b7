import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Says for a minute who somebody is, so that a transport that cannot send headers can bring it along. */
export interface TicketIssuer {
  issue(staffId: string): string
  /** `undefined`: forged, spoilt or too old. */
  staffIdOf(ticket: unknown): string | undefined
}

const validMs = 60_000

/** Tickets signed with a secret of this process. A host with sessions of its own looks at those instead. */
export function createTicketIssuer(secret: Uint8Array = randomBytes(32), now: () => number = Date.now): TicketIssuer {
  const seal = (text: string) => createHmac('sha256', secret).update(text).digest()
  return {
    issue(staffId) {
      const text = `${encodeURIComponent(staffId)}.${now() + validMs}`
      return `${text}.${seal(text).toString('base64url')}`
    },
    staffIdOf(ticket) {
      if (typeof ticket !== 'string') return undefined
      const [who = '', untilAt = '', given = ''] = ticket.split('.')
      const [seen, right] = [Buffer.from(given, 'base64url'), seal(`${who}.${untilAt}`)]
      const isOurs = seen.length === right.length && timingSafeEqual(seen, right)
      return isOurs && Number(untilAt) >= now() ? decodeURIComponent(who) : undefined
    },
  }
}
