import ts from 'typescript'
import type { SourceFile } from './source-file'
import { lineOf, nodesOf, syntaxOf } from './syntax'

/** Names that let time, chance or the outside world in. */
const impureNames = new Set([
  ...['Date', 'Intl', 'performance', 'Promise', 'crypto', 'fetch', 'console', 'process', 'globalThis', 'window'],
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'clearTimeout',
    'clearInterval',
    'structuredClone',
  ],
])

/** Where a file of the core reads a clock, draws a number or waits. Comments and texts may name anything. */
export function impureCode(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      const word = impureNameOf(node)
      return word === undefined ? [] : [`${file.path}:${lineOf(node)}: ${word}`]
    }),
  )
}

function impureNameOf(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword) return 'await'
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (ts.isIdentifier(node) && impureNames.has(node.text)) return node.text
  return undefined
}

const codeConstructors = new Set(['eval', 'Function', 'RegExp'])

/** Where text becomes code while the program runs: `eval`, `Function` and a `RegExp` that is made, not written. */
export function codeFromText(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return []
      const maker = node.expression.getText()
      return codeConstructors.has(maker) ? [`${file.path}:${lineOf(node)}: ${maker}`] : []
    }),
  )
}
