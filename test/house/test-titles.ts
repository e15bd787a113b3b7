import ts from 'typescript'
import { lineOf, nodesOf, syntaxOf } from './imports-of'
import type { SourceFile } from './source-file'

/** The name of one test or of a group of tests. */
export interface TestTitle {
  readonly path: string
  readonly line: number
  readonly text: string
}

/** Every name given to `it`, `test` or `describe` (with `.each`, `.skipIf` and the like), template holes left out. */
export function testTitles(files: readonly SourceFile[]): TestTitle[] {
  return files.flatMap((file) =>
    [...nodesOf(syntaxOf(file))].flatMap((node) => {
      const text = ts.isCallExpression(node) && isNaming(node) ? textOf(node.arguments[0]) : undefined
      return text === undefined ? [] : [{ path: file.path, line: lineOf(node), text }]
    }),
  )
}

/** The ids of rules in a text: `[R4]`, or several as `[R4, R5]` or `[R4][R5]`. */
export function ruleIdsIn(text: string): string[] {
  return [...text.matchAll(/\[([A-Z]{1,3}\d+(?:\s*,\s*[A-Z]{1,3}\d+)*)\]/g)].flatMap(([, ids = '']) =>
    ids.split(',').map((id) => id.trim()),
  )
}

function isNaming({ expression }: ts.CallExpression): boolean {
  return /^(it|test|describe\w*|property\w*|campaign)(\.|\(|$)/.test(expression.getText())
}

function textOf(name: ts.Node | undefined): string | undefined {
  if (name === undefined) return undefined
  if (ts.isStringLiteralLike(name)) return name.text
  if (ts.isTemplateExpression(name))
    return [name.head, ...name.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…')
  return undefined
}
