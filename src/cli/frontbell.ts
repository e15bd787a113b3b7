#!/usr/bin/env node
import { exitCodes } from './command'
import { runCli } from './run-cli'
import { processTerminal } from './terminal'

const terminal = processTerminal()

// A reader that has seen enough, as `head` does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.internalError)
})

runCli(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code
})
