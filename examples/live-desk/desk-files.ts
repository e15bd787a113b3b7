import { readFileSync } from 'node:fs'
import { formatPath, type InputIssue, InvalidInputError, type Shift, type Staff } from 'frontbell'

/** The options of the desk that come from three files of one folder. */
export interface DeskFiles {
  readonly staff: readonly Staff[]
  readonly shifts: readonly Shift[]
  readonly workflows: readonly unknown[]
}

const fileOf: Readonly<Record<string, string>> = {
  staff: 'roster.json',
  shifts: 'shifts.json',
  workflows: 'workflows.json',
}

/** Reads the three files. `openDesk` validates their content. */
export function readDeskFiles(folder: string): DeskFiles {
  const read = (name: string) => parseFile(folder, name)
  return {
    staff: read('roster.json') as Staff[],
    shifts: read('shifts.json') as Shift[],
    workflows: read('workflows.json') as unknown[],
  }
}

/** Returns the error with file names instead of option names: `workflows.json: [3].event: …`. */
export function withFileNames(error: unknown): unknown {
  if (!(error instanceof InvalidInputError)) return error
  return new Error(error.issues.map(issueText).join('\n'), { cause: error })
}

function issueText({ path: [option, ...inside], expected, got }: InputIssue): string {
  const file = fileOf[String(option)]
  if (file === undefined) return `${formatPath([option ?? '', ...inside])}: expected ${expected}, got ${got}`
  return `${file}: ${formatPath(inside)}: expected ${expected}, got ${got}`
}

function parseFile(folder: string, name: string): readonly unknown[] {
  let text: string
  try {
    text = readFileSync(`${folder}/${name}`, 'utf8')
  } catch (cause) {
    throw new Error(`${name}: expected a file in ${folder}, got ${(cause as Error).message}`, { cause })
  }
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list
  } catch (cause) {
    throw new Error(`${name}: expected JSON, got ${(cause as Error).message}`, { cause })
  }
  throw new Error(`${name}: input: expected a list, got another JSON value`)
}
