import ts from 'typescript'
import { lineOf, nodesOf, syntaxOf } from './imports-of'
import type { SourceFile } from './source-file'

const makers = new Set(['eval', 'Function', 'RegExp'])

/** Where text becomes code while the program runs: `eval`, `Function` and a `RegExp` that is made, not written. */
export function codeFromText(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return []
      const maker = node.expression.getText()
      return makers.has(maker) ? [`${file.path}:${lineOf(node)}: ${maker}`] : []
    }),
  )
}
