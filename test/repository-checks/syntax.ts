import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-file'

/** One `import`, `export … from`, `import()`, `require()` or `import('…').Type` of a file. */
export interface Import {
  readonly specifier: string
  /** True where nothing is left of it at run time. */
  readonly isType: boolean
  /** The first line is 1. */
  readonly line: number
}

const parsedFiles = new WeakMap<SourceFile, ts.SourceFile>()

/** The syntax tree of a file, parsed once. */
export function syntaxOf(file: SourceFile): ts.SourceFile {
  const tree = parsedFiles.get(file) ?? ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true)
  parsedFiles.set(file, tree)
  return tree
}

/** The line of a node in its file; the first is 1. */
export function lineOf(node: ts.Node): number {
  const tree = node.getSourceFile()
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

/** Every node of a file, parents before children; comments and punctuation left out. */
export function nodesOf(root: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(root)
  return nodes
}

/** What a file imports, in its order. */
export function importsOf(file: SourceFile): Import[] {
  return nodesOf(syntaxOf(file)).flatMap((node) => {
    const found = importOf(node)
    return found === undefined ? [] : [{ ...found, line: lineOf(node) }]
  })
}

/** The path in `files` that a relative import means, or `undefined` for a package or a file that is not there. */
export function resolvedImport(from: SourceFile, specifier: string, paths: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(from.path), specifier)
  const candidates = [target, `${target}.ts`, `${target}.tsx`, posix.join(target, 'index.ts')]
  return candidates.find((candidate) => paths.has(candidate))
}

function importOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, isTypeImport(node.importClause))
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, isTypeExport(node))
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, true)
  if (ts.isCallExpression(node) && isLoading(node)) return named(node.arguments[0], false)
  return undefined
}

function named(specifier: ts.Node | undefined, isType: boolean): Omit<Import, 'line'> | undefined {
  return specifier !== undefined && ts.isStringLiteralLike(specifier)
    ? { specifier: specifier.text, isType }
    : undefined
}

function isLoading({ expression }: ts.CallExpression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || expression.getText() === 'require'
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const bindings = clause.namedBindings
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly)
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false
  return exportClause.elements.length > 0 && exportClause.elements.every((element) => element.isTypeOnly)
}
