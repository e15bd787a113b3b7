import ts from 'typescript'
import { lineOf, nodesOf, syntaxOf } from './imports-of'
import type { SourceFile } from './source-file'

const linesMax = 250
const columnsMax = 120

/** Files longer than 250 lines, and lines wider than 120 columns. */
export function oversized(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n')
    const wide = lines.flatMap((line, index) =>
      [...line].length > columnsMax ? [`${path}:${index + 1}: ${[...line].length} columns, at most ${columnsMax}`] : [],
    )
    return lines.length > linesMax ? [`${path}: ${lines.length} lines, at most ${linesMax}`, ...wide] : wide
  })
}

/** Drawers into which everything would fall. */
export function drawers(files: readonly SourceFile[]): string[] {
  const drawer = /(^|\/)((utils?|helpers?|common|misc|shared)(\.[cm]?tsx?$|\/)|(types?|constants)\.[cm]?tsx?$)/
  return files.map(({ path }) => path).filter((path) => drawer.test(path))
}

/** `export *` and default exports: both hide the names a file gives. */
export function namelessExports(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      if (isExportOfAll(node)) return [`${file.path}:${lineOf(node)}: export *`]
      if (isDefaultExport(node)) return [`${file.path}:${lineOf(node)}: default export`]
      return []
    }),
  )
}

function isExportOfAll(node: ts.Node): boolean {
  return ts.isExportDeclaration(node) && (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  if (node.kind !== ts.SyntaxKind.DefaultKeyword) return false
  return ts.canHaveModifiers(node.parent) && !ts.isExportAssignment(node.parent)
}
