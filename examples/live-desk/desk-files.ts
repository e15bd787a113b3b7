import { readFileSync } from 'node:fs'
import { formatPath, type InputIssue, InvalidInputError, type Shift, type Staff } from 'frontbell'

/** What the desk is opened with, as it stands in three files of one folder. */
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

/** Reads the three files; what stands in them is checked by the desk that is opened with it. */
export function readDeskFiles(folder: string): DeskFiles {
  const read = (name: string) => parseFile(folder, name)
  return {
    staff: read('roster.json') as Staff[],
    shifts: read('shifts.json') as Shift[],
    workflows: read('workflows.json') as unknown[],
  }
}

/** The desk names what is wrong by its options; a reader has to hear of files: `workflows.json: [3].event: …`. */
export function namingFiles(error: unknown): unknown {
  if (!(error instanceof InvalidInputError)) return error
  return new Error(error.issues.map(sentence).join('\n'), { cause: error })
}

function sentence({ path: [option, ...inside], expected, got }: InputIssue): string {
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
