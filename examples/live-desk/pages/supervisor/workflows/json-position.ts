import { ensureSyntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'

export type JsonPath = readonly (string | number)[]

const values = ['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']
const parseMs = 1_000

/** Returns the range of a path in the text; for a missing one, of its innermost existing part. */
export function rangeOf(state: EditorState, path: JsonPath): { readonly from: number; readonly to: number } {
  let node = ensureSyntaxTree(state, state.doc.length, parseMs)?.topNode.getChild('Array') ?? null
  let found: SyntaxNode | null = node
  for (const step of path) {
    node = node === null ? null : childOf(state, node, step)
    if (node === null) break
    found = node
  }
  if (found === null) return { from: 0, to: Math.min(1, state.doc.length) }
  return { from: found.from, to: Math.min(found.to, state.doc.lineAt(found.from).to) }
}

/** Returns the path of the value or key that contains a node, from the outside in. */
export function pathTo(state: EditorState, node: SyntaxNode): JsonPath {
  const path: (string | number)[] = []
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    const { parent } = at
    if (at.name === 'Property') path.unshift(keyOf(state, at))
    else if (parent?.name === 'Array') path.unshift(indexIn(parent, at))
  }
  return path
}

export function keyOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild('PropertyName')
  if (name === null) return ''
  const text = state.sliceDoc(name.from, name.to)
  try {
    return String(JSON.parse(text))
  } catch {
    return text.replaceAll('"', '')
  }
}

function childOf(state: EditorState, node: SyntaxNode, step: string | number): SyntaxNode | null {
  if (typeof step === 'number') return node.name === 'Array' ? (valuesIn(node)[step] ?? null) : null
  const property = node.getChildren('Property').find((child) => keyOf(state, child) === step)
  return property === undefined ? null : (valuesIn(property)[0] ?? property)
}

function valuesIn(node: SyntaxNode): readonly SyntaxNode[] {
  return values.flatMap((name) => node.getChildren(name)).sort((a, b) => a.from - b.from)
}

function indexIn(array: SyntaxNode, child: SyntaxNode): number {
  return valuesIn(array).filter(({ from }) => from < child.from).length
}
