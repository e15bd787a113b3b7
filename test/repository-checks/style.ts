import ts from 'typescript'
import type { SourceFile } from './source-file'
import { lineOf, nodesOf, syntaxOf } from './syntax'

const linesMax = 300
const columnsMax = 120

/** A text within quotes that fills the line nearly alone: the name of a test, or a message. */
const longText = /(['"`])(?:(?!\1).){80,}\1/

/**
 * Files longer than 300 lines, and lines wider than 120 columns but for those that one long text fills and those inside
 * a template of several lines.
 */
export function oversized(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const { path, text } = file
    const lines = text.replace(/\n$/, '').split('\n')
    const templated = linesOfTemplates(file)
    const wide = lines.flatMap((line, index) =>
      [...line].length > columnsMax && !longText.test(line) && !templated.has(index)
        ? [`${path}:${index + 1}: ${[...line].length} columns, at most ${columnsMax}`]
        : [],
    )
    return lines.length > linesMax ? [`${path}: ${lines.length} lines, at most ${linesMax}`, ...wide] : wide
  })
}

function linesOfTemplates(file: SourceFile): ReadonlySet<number> {
  if (!/`[^`]*\n/.test(file.text)) return new Set()
  const tree = syntaxOf(file)
  const lines = nodesOf(tree)
    .filter(ts.isTemplateLiteral)
    .flatMap((node) => {
      const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line
      const last = tree.getLineAndCharacterOfPosition(node.end).line
      return first === last ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
  return new Set(lines)
}

/** Names that say nothing of what a file holds. */
export function vaguelyNamedFiles(files: readonly SourceFile[]): string[] {
  const vague = /(^|\/)((utils?|helpers?|common|misc|shared)(\.[cm]?tsx?$|\/)|(types?|constants)\.[cm]?tsx?$)/
  return files.map(({ path }) => path).filter((path) => vague.test(path))
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
