import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, StateEffect } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { completeBySchema, type Grammar } from './complete-by-schema'
import { type JsonPath, rangeOf } from './json-position'

/** A problem or advice at a position in the workflows. */
export interface Remark {
  readonly path: JsonPath
  readonly message: string
  readonly severity: 'error' | 'warning'
}

export interface EditorOptions {
  readonly grammar: () => Grammar | null
  readonly changed: (text: string) => void
  /** Called when the text is JSON and has not changed for a moment. */
  readonly check: (workflows: unknown) => Promise<readonly Remark[]>
  /** Called instead when the text is not JSON. */
  readonly malformed: (message: string) => void
}

const waitMs = 350
const checkAgain = StateEffect.define<null>()
const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--ring)' },
])

/** A JSON editor that completes by the schema of workflows, and shows the desk's remarks at their positions. */
export class WorkflowEditor {
  readonly element = document.createElement('div')
  readonly #view: EditorView
  readonly #options: EditorOptions

  constructor(options: EditorOptions) {
    this.#options = options
    this.element.className = 'editor'
    this.#view = new EditorView({ parent: this.element, state: this.#stateOf('') })
    this.#view.scrollDOM.tabIndex = 0 // makes it scrollable by keyboard
  }

  get text(): string {
    return this.#view.state.doc.toString()
  }

  /** Replaces the text and clears the undo history. */
  reset(text: string): void {
    this.#view.setState(this.#stateOf(text))
    this.checkNow()
  }

  /** Replaces the text as an edit that can be undone. */
  replace(text: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } })
  }

  /** Checks the text, even if it was checked before. */
  checkNow(): void {
    this.#view.dispatch({ effects: checkAgain.of(null) })
    forceLinting(this.#view)
  }

  /** Puts the cursor at a path and scrolls it to the centre. */
  goTo(path: JsonPath): void {
    const { from } = rangeOf(this.#view.state, path)
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    this.#view.focus()
  }

  #stateOf(doc: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        json(),
        syntaxHighlighting(colors),
        autocompletion({ override: [completeBySchema(this.#options.grammar)], icons: false }),
        linter((view) => this.#lint(view), {
          delay: waitMs,
          needsRefresh: ({ transactions }) =>
            transactions.some(({ effects }) => effects.some((one) => one.is(checkAgain))),
        }),
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'Workflows as JSON' }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) this.#options.changed(state.doc.toString())
        }),
      ],
    })
  }

  async #lint(view: EditorView): Promise<readonly Diagnostic[]> {
    const [malformed] = jsonParseLinter()(view)
    if (malformed !== undefined) {
      this.#options.malformed(malformed.message)
      return [malformed]
    }
    const { state } = view
    const remarks = await this.#options.check(JSON.parse(state.doc.toString()))
    return remarks.map(({ path, message, severity }) => ({ ...rangeOf(state, path), message, severity }))
  }
}
