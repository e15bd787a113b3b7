import { dirname } from 'node:path'
import ts from 'typescript'
import { root, type SourceFile } from './source-file'

/** Declares what the recipes call of frameworks that are not installed. */
const frameworks = `${root}test/repository-checks/frameworks.d.ts`

/**
 * What the compiler says against these files, as `path:line: text`, under the repository's own tsconfig.json. The files
 * need not be on disk; what they import is read from there.
 */
export function typeErrors(files: readonly SourceFile[]): string[] {
  const texts = new Map(files.map(({ path, text }) => [root + path, text]))
  const options = compilerOptions()
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => texts.has(path) || fileExists(path)
  host.readFile = (path) => texts.get(path) ?? readFile(path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts.get(path)
    return text === undefined ? getSourceFile(path, target, ...rest) : ts.createSourceFile(path, text, target)
  }
  const program = ts.createProgram([...texts.keys(), frameworks], options, host)
  return [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(formatDiagnostic)
  })
}

function compilerOptions(): ts.CompilerOptions {
  const path = `${root}tsconfig.json`
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, dirname(path)).options
}

function formatDiagnostic({ file, start, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ')
  if (file === undefined || start === undefined) return text
  return `${file.fileName.replace(root, '')}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`
}
