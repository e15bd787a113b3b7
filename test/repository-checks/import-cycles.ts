import type { SourceFile } from './source-file'
import { importsOf, resolvedImport } from './syntax'

/** Cycles of files that import each other, type imports included; each is reported once, as `a.ts -> b.ts -> a.ts`. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  const edges = new Map(files.map((file) => [file.path, importedPathsOf(file, paths)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start !== -1) cycles.push([...trail.slice(start), path].join(' -> '))
    if (start !== -1 || done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const { path } of files) visit(path, [])
  return cycles
}

function importedPathsOf(file: SourceFile, paths: ReadonlySet<string>): string[] {
  const targets = importsOf(file).map(({ specifier }) => resolvedImport(file, specifier, paths))
  return targets.filter((target) => target !== undefined)
}
