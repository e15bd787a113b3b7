import { readSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { styleText } from 'node:util'

export type Look = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** Where a command speaks and what it is told by its surroundings. */
export interface Terminal {
  /** One line of what was asked for. */
  out(line?: string): void
  /** One line of what is said besides: problems and progress. */
  err(line: string): void
  /** Draws over the last progress; `null` wipes it. Nothing where nobody watches. */
  progress(line: string | null): void
  /** All of standard input. */
  stdin(): string
  wait(ms: number): Promise<void>
  /** Colours text for `out`, and for `err`; leaves it as it is where nobody sees colours. */
  readonly paint: Paint
  readonly paintErr: Paint
  readonly columns: number
  /** A person watches: both outputs are a terminal. */
  readonly isWatched: boolean
}

export type Paint = (look: Look, text: string) => string

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
    out: (line = '') => {
      wipe()
      stdout.write(`${line}\n`)
    },
    err: (line) => {
      wipe()
      stderr.write(`${line}\n`)
    },
    progress: (line) => {
      if (stderr.isTTY !== true) return
      wipe()
      if (line === null) return
      stderr.write(line)
      drawn = true
    },
    stdin: readStandardInput,
    wait: (ms) => delay(ms),
    paint: painter(stdout.isTTY === true, env),
    paintErr: painter(stderr.isTTY === true, env),
    columns: stdout.columns ?? 100,
    isWatched,
  }
}

/** https://no-color.org: present and not empty means no colours; `FORCE_COLOR` brings them into a pipe. */
function painter(isTerminal: boolean, { NO_COLOR = '', FORCE_COLOR = '0', TERM }: NodeJS.ProcessEnv): Paint {
  const isForced = FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  const isColoured = NO_COLOR === '' && ((isTerminal && TERM !== 'dumb') || isForced)
  return (look, text) => (isColoured ? styled(look, text, { validateStream: false }) : text)
}

/** Node 22 looks itself whether standard output is a terminal; that has been answered already. */
const styled = styleText as (look: Look, text: string, options?: { validateStream: boolean }) => string

function readStandardInput(): string {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(65_536)
  for (;;) {
    const size = readChunk(chunk)
    if (size === 0) return Buffer.concat(chunks).toString('utf8')
    if (size > 0) chunks.push(Buffer.from(chunk.subarray(0, size)))
  }
}

/** -1: nothing there yet. Some systems give an error at the end of a pipe. */
function readChunk(chunk: Buffer): number {
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
