import { existsSync, readFileSync } from 'node:fs'

/** A report of Stryker, as far as it is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, MutatedFile>>
}

export interface MutatedFile {
  /** The file as it was when it was run. */
  readonly source: string
  readonly mutants: readonly Mutant[]
}

export interface Mutant {
  readonly status: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: Place; readonly end: Place }
}

interface Place {
  readonly line: number
  readonly column: number
}

/** Returns the path of a layer's report, which holds each file as it was run last. */
export function reportOf(layer: string): string {
  return `.frontbell/mutation-${layer}.json`
}

export function readReport(path: string): MutationReport {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { files: {} }
}

/** Returns one report with each file of the last one that has it. Files that are gone are left out. */
export function mergeReports(...reports: readonly MutationReport[]): MutationReport {
  const files = reports.flatMap((report) => Object.entries(report.files))
  return { files: Object.fromEntries(files.filter(([path]) => existsSync(path))) }
}
