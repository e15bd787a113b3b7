import type { ReadFact } from '../facts/fact-reader'
import type { RoutingContext } from '../facts/routing-context'
import type { Primitive, RequiredValue, SharedFact } from './required-values'

interface ValueColumn<Cell> {
  readonly read: ReadFact
  readonly requestFactName: string | null
  readonly cellsByValue: Map<Primitive, Cell>
}

/** Cells by the value of a fact. Iterates over the request's facts or over the indexed facts, whichever are fewer. */
export class ValueIndex<Cell> {
  readonly #columns = new Map<string, ValueColumn<Cell>>()
  readonly #byRequestFact = new Map<string, ValueColumn<Cell>[]>()
  readonly #deskAndHostFacts = new Set<ValueColumn<Cell>>()

  /** Calls `visit` with each cell whose fact has its value. */
  visit(context: RoutingContext, visit: (cell: Cell) => void): void {
    if (this.#deskAndHostFacts.size > 0)
      for (const column of this.#deskAndHostFacts) visitColumn(column, context, visit)
    if (this.#byRequestFact.size <= context.factNames.length) {
      for (const columns of this.#byRequestFact.values())
        for (const column of columns) visitColumn(column, context, visit)
      return
    }
    for (const name of context.factNames) {
      const columns = this.#byRequestFact.get(name)
      if (columns !== undefined) for (const column of columns) visitColumn(column, context, visit)
    }
  }

  get({ fact }: RequiredValue, value: Primitive): Cell | undefined {
    return this.#columns.get(fact.key)?.cellsByValue.get(value)
  }

  set({ fact }: RequiredValue, value: Primitive, cell: Cell): void {
    const column = this.#columns.get(fact.key) ?? this.#addColumn(fact)
    column.cellsByValue.set(value, cell)
  }

  delete({ fact }: RequiredValue, value: Primitive): void {
    const column = this.#columns.get(fact.key)
    if (column?.cellsByValue.delete(value) === true && column.cellsByValue.size === 0)
      this.#dropColumn(fact.key, column)
  }

  get isEmpty(): boolean {
    return this.#columns.size === 0
  }

  #addColumn({ key, read, requestFactName }: SharedFact): ValueColumn<Cell> {
    const column: ValueColumn<Cell> = { read, requestFactName, cellsByValue: new Map() }
    this.#columns.set(key, column)
    if (requestFactName === null) this.#deskAndHostFacts.add(column)
    else this.#byRequestFact.set(requestFactName, [...(this.#byRequestFact.get(requestFactName) ?? []), column])
    return column
  }

  #dropColumn(key: string, column: ValueColumn<Cell>): void {
    this.#columns.delete(key)
    this.#deskAndHostFacts.delete(column)
    if (column.requestFactName === null) return
    const left = (this.#byRequestFact.get(column.requestFactName) ?? []).filter((other) => other !== column)
    if (left.length === 0) this.#byRequestFact.delete(column.requestFactName)
    else this.#byRequestFact.set(column.requestFactName, left)
  }
}

function visitColumn<Cell>(
  { read, cellsByValue }: ValueColumn<Cell>,
  context: RoutingContext,
  visit: (cell: Cell) => void,
): void {
  const value = read(context)
  // A missing fact equals no JSON value.
  if (value === undefined) return
  const cell = cellsByValue.get(value as Primitive)
  if (cell !== undefined) visit(cell)
}
