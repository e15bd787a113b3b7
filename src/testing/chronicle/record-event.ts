import type { DomainEvent, EventType } from '../../core'
import type { Chronicle } from './chronicle'
import type { Pages } from './pages'
import { presencePages } from './presence-pages'
import { requestPages } from './request-pages'
import { ringPages } from './ring-pages'
import { canBeOffered } from './rings'

const pages: Pages<EventType> = { ...presencePages, ...requestPages, ...ringPages }

/** Writes one event into the chronicle, in place. An offer that can no longer ring for its holder is over. */
export function recordEvent(book: Chronicle, event: DomainEvent): void {
  const write = pages[event.type] as (book: Chronicle, event: DomainEvent) => void
  write(book, event)
  book.at = Math.max(book.at, event.at)
  for (const request of book.requests) {
    if (request.offers.length === 0) continue
    request.offers = request.offers.filter(({ staffId }) => canBeOffered(book, staffId, request))
  }
}
