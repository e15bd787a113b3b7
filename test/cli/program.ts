import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../repository-checks/source-file'

/** The program as somebody would run it, and a folder to run it in. */
export interface Program {
  /** A file in the folder; gives its name. */
  file(name: string, content: unknown): string
  /** A file of these bytes. */
  bytes(name: string, content: Uint8Array): string
  run(words: readonly string[], around?: ProcessEnvironment): Promise<ProcessResult>
  readonly folder: string
  remove(): void
}

export interface ProcessEnvironment {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface ProcessResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Bundles the program once, as the package does, so that each run costs only Node's own start. */
export async function builtProgram(): Promise<Program> {
  mkdirSync(join(root, '.frontbell'), { recursive: true })
  const workshop = mkdtempSync(join(root, '.frontbell', 'cli-'))
  const program = join(workshop, 'frontbell.mjs')
  await build({
    ...{
      entryPoints: [`${root}src/cli/frontbell.ts`],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
    },
    ...{ external: ['json-rules-engine', 'eventemitter3', 'zod'], mainFields: ['module', 'main'], logLevel: 'warning' },
  })
  return {
    folder: workshop,
    file: (name, content) => {
      writeFileSync(join(workshop, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
      return name
    },
    bytes: (name, content) => {
      writeFileSync(join(workshop, name), content)
      return name
    },
    run: (words, around = {}) => runProcess([program, ...words], { ...around, cwd: workshop }),
    remove: () => rmSync(workshop, { recursive: true, force: true }),
  }
}

function runProcess(
  words: readonly string[],
  { stdin = '', env = {}, cwd }: ProcessEnvironment & { cwd: string },
): Promise<ProcessResult> {
  const child = spawn(process.execPath, words, { cwd, env: { PATH: process.env.PATH ?? '', ...env } })
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...texts }))
  })
}
