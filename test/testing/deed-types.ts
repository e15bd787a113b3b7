export type { CommandInput } from '../../src/desk'
export type { Deed } from '../../src/testing'
