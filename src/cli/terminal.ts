import { readSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** The input and output of a command. */
export interface Terminal {
  /** Prints one line of the result. */
  print(line?: string): void
  /** Prints one line of problems. */
  printError(line: string): void
  /** Replaces the progress line; `null` removes it. No effect unless standard error is a terminal. */
  showProgress(line: string | null): void
  /** Returns all bytes of standard input. */
  readStandardInput(): Uint8Array
  wait(ms: number): Promise<void>
  /** Colours a text for standard output, and for standard error; leaves it as it is where colours are off. */
  readonly colorize: Colorize
  readonly colorizeError: Colorize
  readonly columns: number
  /** Both outputs are a terminal. */
  readonly isInteractive: boolean
}

export type Colorize = (style: Style, text: string) => string

/** Returns the terminal of this process. Colours only on a terminal, and never with `NO_COLOR`. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  const isInteractive = stdout.isTTY === true && stderr.isTTY === true
  let drawn = false
  const wipe = () => {
    if (drawn) stderr.write('\r\u001b[2K')
    drawn = false
  }
  return {
    print: (line = '') => {
      wipe()
      stdout.write(`${line}\n`)
    },
    printError: (line) => {
      wipe()
      stderr.write(`${line}\n`)
    },
    showProgress: (line) => {
      if (stderr.isTTY !== true) return
      wipe()
      if (line === null) return
      stderr.write(line)
      drawn = true
    },
    readStandardInput: readAllStandardInput,
    wait: (ms) => delay(ms),
    colorize: createColorize(stdout.isTTY === true, env),
    colorizeError: createColorize(stderr.isTTY === true, env),
    columns: stdout.columns ?? 100,
    isInteractive,
  }
}

/** https://no-color.org: present and not empty means no colours; `FORCE_COLOR` brings them into a pipe. */
function createColorize(isTerminal: boolean, { NO_COLOR = '', FORCE_COLOR = '0', TERM }: NodeJS.ProcessEnv): Colorize {
  const isForced = FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  const isColoured = NO_COLOR === '' && ((isTerminal && TERM !== 'dumb') || isForced)
  return (style, text) => (isColoured ? styleWithoutStreamCheck(style, text, { validateStream: false }) : text)
}

/** Without the check of Node 22 whether standard output is a terminal, which `createColorize` has made. */
const styleWithoutStreamCheck = styleText as (
  style: Style,
  text: string,
  options?: { validateStream: boolean },
) => string

function readAllStandardInput(): Uint8Array {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(65_536)
  for (;;) {
    const size = readInputChunk(chunk)
    if (size === 0) return Buffer.concat(chunks)
    if (size > 0) chunks.push(Buffer.from(chunk.subarray(0, size)))
  }
}

/** Returns -1 when there is no input yet. Some systems throw at the end of a pipe. */
function readInputChunk(chunk: Buffer): number {
  try {
    return readSync(0, chunk)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EOF') return 0
    if (code !== 'EAGAIN') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    return -1
  }
}
