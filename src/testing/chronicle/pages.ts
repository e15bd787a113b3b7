import type { EventOf, EventType } from '../../core'
import type { Chronicle } from './chronicle'

/** How each of some events is written down. */
export type Pages<Type extends EventType> = { readonly [Each in Type]: (book: Chronicle, event: EventOf<Each>) => void }
