import type { StaffId } from '../core'
import { FoldedPortal } from './folded-portal'
import type { PageVisibility, Portal, PortalOptions } from './portal'

/** Makes the screen of one staff member. It knows no transport: `open` a link for each connection. */
export function createPortal(staffId: StaffId, options: PortalOptions = {}): Portal {
  const { now = Date.now, page = globalThis.document as PageVisibility | undefined } = options
  const portal = new FoldedPortal(staffId, now)
  page?.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'visible') portal.refresh()
  })
  return portal
}
