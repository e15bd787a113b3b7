import type { EquivalentMutant } from './equivalent-mutants'

/** Checked by hand, file by file. */
export const equivalentDeskMutants: readonly EquivalentMutant[] = []
