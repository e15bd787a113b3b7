import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from '@codemirror/autocomplete'
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import type { Vocabulary } from '../../../supervisor/supervisor-protocol'
import { keyOf, pathTo } from './json-position'
import { keysOf, type Schema, schemasAt, wordsOf } from './schemas-at'

export interface Grammar {
  readonly schema: Schema
  readonly vocabulary: Vocabulary
}

/** The time in which the text before the cursor is parsed on a slow machine. */
const parseMs = 200

/** Completes what the JSON Schema allows at the cursor, and the names of this desk where it allows any text. */
export function completeBySchema(grammar: () => Grammar | null) {
  return (context: CompletionContext): CompletionResult | null => {
    const known = grammar()
    if (known === null) return null
    const { state, pos, explicit } = context
    const node = (ensureSyntaxTree(state, pos, parseMs) ?? syntaxTree(state)).resolveInner(pos, -1)
    const word = context.matchBefore(/"?[\w-]*/)
    const isText = ['String', 'PropertyName'].includes(node.name) && pos > node.from
    const from = isText ? node.from : (word?.from ?? pos)
    if (!explicit && !isText && from === pos) return null
    const to = isText ? node.to : pos
    const options = isKeyPosition(node) ? keyOptions(state, node, known) : valueOptions(state, node, known)
    return options.length === 0 ? null : { from, to, options, filter: true }
  }
}

function isKeyPosition(node: SyntaxNode): boolean {
  return node.name === 'PropertyName' || node.name === 'Object' || node.name === '{'
}

function keyOptions(state: EditorState, node: SyntaxNode, { schema, vocabulary }: Grammar): readonly Completion[] {
  const object = node.name === 'Object' ? node : around(node, 'Object')
  if (object === null) return []
  const path = pathTo(state, object)
  const written = new Set(object.getChildren('Property').map((property) => keyOf(state, property)))
  const hasColon = node.name === 'PropertyName' && node.nextSibling !== null
  if (path.at(-1) === 'skills') return vocabulary.skills.map((skill) => keyOption(skill, '50', hasColon))
  return [...keysOf(schemasAt(schema, path))]
    .filter(([key]) => !written.has(key) || node.name === 'PropertyName')
    .map(([key, of]) => keyOption(key, emptyOf(of), hasColon))
}

function keyOption(key: string, value: string, hasColon: boolean): Completion {
  const label = JSON.stringify(key)
  if (hasColon) return { label, type: 'property' }
  return snippetCompletion(`${label}: ${value}`, { label, type: 'property' })
}

function emptyOf({ type, anyOf, oneOf, $ref }: Schema): string {
  if (type === 'array') return '[$' + '{}]'
  if (type === 'string') return '"$' + '{}"'
  const isObject = type === 'object' || (oneOf ?? $ref) !== undefined
  return isObject && anyOf === undefined ? '{ $' + '{} }' : '$' + '{}'
}

function valueOptions(state: EditorState, node: SyntaxNode, { schema, vocabulary }: Grammar): readonly Completion[] {
  const path = pathTo(state, node)
  const schemas = schemasAt(schema, node.name === 'Array' || node.name === '[' ? [...path, 0] : path)
  const key = [...path].reverse().find((step) => typeof step === 'string') ?? ''
  const names = Object.hasOwn(vocabulary, key) ? vocabulary[key as keyof Vocabulary] : []
  const words = [...new Set([...wordsOf(schemas), ...names])]
  return words.map((word) => ({ label: JSON.stringify(word), type: typeof word === 'string' ? 'text' : 'keyword' }))
}

function around(node: SyntaxNode, name: string): SyntaxNode | null {
  for (let at = node.parent; at !== null; at = at.parent) if (at.name === name) return at
  return null
}
