import ts from 'typescript'
import { root } from './source-file'

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
}
const printer = ts.createPrinter({ removeComments: true })
const typeFormat = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope

/** What each entry point shows to the compiler: every name it exports, with its type, in alphabetical order. */
export function apiReports(entryPoints: Readonly<Record<string, string>>): Record<string, string> {
  const program = ts.createProgram(
    Object.values(entryPoints).map((path) => root + path),
    options,
  )
  const checker = program.getTypeChecker()
  return Object.fromEntries(
    Object.entries(entryPoints).map(([name, path]) => {
      const file = program.getSourceFile(root + path)
      const entryPoint = file === undefined ? undefined : checker.getSymbolAtLocation(file)
      const exported = entryPoint === undefined ? [] : checker.getExportsOfModule(entryPoint)
      const lines = exported.map((symbol) => formatExport(symbol, checker))
      return [name, `${lines.sort((a, b) => (a < b ? -1 : 1)).join('\n\n')}\n`]
    }),
  )
}

function formatExport(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const [declaration] = meant.declarations ?? []
  const name = symbol.getName()
  if (declaration === undefined) return name
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
    return printDeclaration(declaration)
  const type = checker.getTypeOfSymbol(meant)
  if (ts.isClassDeclaration(declaration)) return classOf(name, declaration, checker)
  return `${name}: ${checker.typeToString(type, declaration, typeFormat)}`
}

function printDeclaration(declaration: ts.Declaration): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile())
  return text.replace(/^export /, '').replace(/;$/gm, '')
}

function classOf(name: string, declaration: ts.ClassDeclaration, checker: ts.TypeChecker): string {
  const bases = (declaration.heritageClauses ?? []).map((clause) => clause.getText()).join(' ')
  const members = checker
    .getTypeAtLocation(declaration)
    .getProperties()
    .filter(isOwn)
    .map((member) => {
      const type = checker.typeToString(checker.getTypeOfSymbol(member), declaration, typeFormat)
      return `    ${member.getName()}: ${type}`
    })
  return [`class ${name}${bases === '' ? '' : ` ${bases}`} {`, ...members, '}'].join('\n')
}

/** Neither private nor brought by a library, as `stack` of an error is. */
function isOwn(member: ts.Symbol): boolean {
  const file = member.valueDeclaration?.getSourceFile()
  const isPrivate = ts.isPrivateIdentifier(ts.getNameOfDeclaration(member.valueDeclaration) ?? ts.factory.createNull())
  return !isPrivate && file !== undefined && !file.isDeclarationFile
}
