import ts from 'typescript'
import { lineOf, nodesOf, syntaxOf } from './imports-of'
import type { SourceFile } from './source-file'

/** Names that let time, chance or the outside world in. */
const impure = new Set([
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
export function impureWords(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      const word = impureWordOf(node)
      return word === undefined ? [] : [`${file.path}:${lineOf(node)}: ${word}`]
    }),
  )
}

function impureWordOf(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AwaitKeyword) return 'await'
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (ts.isIdentifier(node) && impure.has(node.text)) return node.text
  return undefined
}
