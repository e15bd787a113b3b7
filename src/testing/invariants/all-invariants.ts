import { allTheConcerned } from './all-the-concerned'
import { awaitingIsComplete } from './awaiting-is-complete'
import { capacityIsKept } from './capacity-is-kept'
import { idempotence } from './idempotence'
import type { Invariant } from './invariant'
import { muteIsolation } from './mute-isolation'
import { neverUnattended } from './never-unattended'
import { oneWinner } from './one-winner'
import { onlyTheConcerned } from './only-the-concerned'
import { orderOfOffers } from './order-of-offers'
import { pairedEdges } from './paired-edges'
import { refusalsAreFree } from './refusals-are-free'
import { staleIsHarmless } from './stale-is-harmless'

/** Those that an observer sees. I8 and I11 need a second run, I14 a host: they are functions of their own. */
export const allInvariants: readonly Invariant[] = [
  neverUnattended,
  oneWinner,
  pairedEdges,
  onlyTheConcerned,
  allTheConcerned,
  muteIsolation,
  idempotence,
  capacityIsKept,
  orderOfOffers,
  staleIsHarmless,
  awaitingIsComplete,
  refusalsAreFree,
]
