export { exitCodes } from './exit-codes'
export { runCli } from './run-cli'
export type { Terminal } from './terminal'
