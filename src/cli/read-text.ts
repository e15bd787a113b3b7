import { readFileSync } from 'node:fs'
import { CliError } from './cli-error'
import { exitCodes } from './exit-codes'
import type { Terminal } from './terminal'

/** How standard input is called in problems. */
const standardInput = '<stdin>'

/** A file as text, or standard input for `-`, which can be read once. */
export function readText(file: string, terminal: Terminal): { readonly name: string; readonly text: string } {
  if (file === '-') return { name: standardInput, text: terminal.stdin() }
  try {
    return { name: file, text: readFileSync(file, 'utf8') }
  } catch (error) {
    throw new CliError(`${file}: ${reasonOf(error)}`, exitCodes.unreadable)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, and a file is needed',
  EACCES: 'it may not be read or written',
}

/** Why a file could not be read or written, in words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}
