import ts from 'typescript'
import type { SourceFile } from './source-file'
import { lineOf, nodesOf, syntaxOf } from './syntax'

/** The name of one test or of a group of tests. */
export interface TestTitle {
  readonly path: string
  readonly line: number
  readonly text: string
}

/**
 * Every name given to `it`, `test` or `describe` (with `.each`, `.skipIf` and the like), and every `title: '…'` of a
 * suite that runs from a table; template holes left out.
 */
export function testTitles(files: readonly SourceFile[]): TestTitle[] {
  return files.flatMap((file) =>
    nodesOf(syntaxOf(file)).flatMap((node) => {
      const text = textOf(namingOf(node))
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

function namingOf(node: ts.Node): ts.Node | undefined {
  if (ts.isPropertyAssignment(node)) return node.name.getText() === 'title' ? node.initializer : undefined
  if (!ts.isCallExpression(node)) return undefined
  return /^(it|test|describe\w*)(\.|\(|$)/.test(node.expression.getText()) ? node.arguments[0] : undefined
}

function textOf(name: ts.Node | undefined): string | undefined {
  if (name === undefined) return undefined
  if (ts.isStringLiteralLike(name)) return name.text
  if (ts.isTemplateExpression(name))
    return [name.head, ...name.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…')
  return undefined
}
