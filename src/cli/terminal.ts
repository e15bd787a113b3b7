import { readSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** Where a command speaks and what it is told by its surroundings. */
export interface Terminal {
  /** One line of what was asked for. */
  print(line?: string): void
  /** One line of what is said besides: problems and progress. */
  printError(line: string): void
  /** Draws over the last progress; `null` wipes it. Nothing where nobody watches. */
  showProgress(line: string | null): void
  /** All of standard input. */
  readStandardInput(): string
  wait(ms: number): Promise<void>
  /** Colours text for `out`, and for `err`; leaves it as it is where nobody sees colours. */
  readonly colorize: Colorize
  readonly colorizeError: Colorize
  readonly columns: number
  /** A person watches: both outputs are a terminal. */
  readonly isInteractive: boolean
}

export type Colorize = (look: Style, text: string) => string

/** The terminal of this process. Colours only where one is, and never with `NO_COLOR`. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  const isWatched = stdout.isTTY === true && stderr.isTTY === true
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
    isInteractive: isWatched,
  }
}

/** https://no-color.org: present and not empty means no colours; `FORCE_COLOR` brings them into a pipe. */
function createColorize(isTerminal: boolean, { NO_COLOR = '', FORCE_COLOR = '0', TERM }: NodeJS.ProcessEnv): Colorize {
  const isForced = FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  const isColoured = NO_COLOR === '' && ((isTerminal && TERM !== 'dumb') || isForced)
  return (look, text) => (isColoured ? styleWithoutStreamCheck(look, text, { validateStream: false }) : text)
}

/** Node 22 looks itself whether standard output is a terminal; that has been answered already. */
const styleWithoutStreamCheck = styleText as (
  look: Style,
  text: string,
  options?: { validateStream: boolean },
) => string

function readAllStandardInput(): string {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(65_536)
  for (;;) {
    const size = readInputChunk(chunk)
    if (size === 0) return Buffer.concat(chunks).toString('utf8')
    if (size > 0) chunks.push(Buffer.from(chunk.subarray(0, size)))
  }
}

/** -1: nothing there yet. Some systems give an error at the end of a pipe. */
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
