export type { CommandInput } from '../../src/desk'
export type { CommandTemplate } from '../../src/testing'
