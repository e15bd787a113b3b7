import { type InputIssue, readablePath } from '../core'

/** Something wrong in a file, and where. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1; `null` where no line is to blame. */
  readonly line: number | null
  readonly column: number | null
  /** Where inside the JSON, as in `workflows[3].event`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** `workflows.json:12:5: error: [3].event: expected …`, which editors and terminals make a link. */
export function problemLine({ severity, file, line, column, path, message }: Problem): string {
  const place = line === null ? file : `${file}:${line}${column === null ? '' : `:${column}`}`
  return `${place}: ${severity}: ${path === '' ? '' : `${path}: `}${message}`
}

/** What an issue of a parser says, without where. */
export function issueMessage({ expected, got }: InputIssue): string {
  return `expected ${expected}, got ${got}`
}

/** A path inside a file; empty for the file itself. */
export function pathIn(path: readonly (string | number)[]): string {
  return path.length === 0 ? '' : readablePath(path)
}
