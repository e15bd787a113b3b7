import type { PlainFact, Read } from './fact-reader'
import type { Primitive, Requirement } from './requirements'
import type { RoutingContext } from './routing-context'

interface Column<Cell> {
  readonly read: Read
  readonly cells: Map<Primitive, Cell>
}

/**
 * Cells by the value of a fact. Looks at the facts a request has, or at those somebody asks about: whichever are
 * fewer.
 */
export class FactTable<Cell> {
  readonly #columns = new Map<string, Column<Cell>>()
  readonly #ofRequest = new Map<string, Column<Cell>[]>()
  #others: readonly Column<Cell>[] = []

  /** Calls `visit` with each cell whose fact has its value. */
  visit(context: RoutingContext, visit: (cell: Cell) => void): void {
    for (const column of this.#others) look(column, context, visit)
    if (this.#ofRequest.size <= context.factNames.length) {
      for (const columns of this.#ofRequest.values()) for (const column of columns) look(column, context, visit)
      return
    }
    for (const name of context.factNames) {
      const columns = this.#ofRequest.get(name)
      if (columns !== undefined) for (const column of columns) look(column, context, visit)
    }
  }

  get({ key }: Requirement, value: Primitive): Cell | undefined {
    return this.#columns.get(key)?.cells.get(value)
  }

  set({ key, fact }: Requirement, value: Primitive, cell: Cell): void {
    const column = this.#columns.get(key) ?? this.#addColumn(key, fact)
    column.cells.set(value, cell)
  }

  delete({ key }: Requirement, value: Primitive): void {
    this.#columns.get(key)?.cells.delete(value)
  }

  get isEmpty(): boolean {
    for (const { cells } of this.#columns.values()) if (cells.size > 0) return false
    return true
  }

  #addColumn(key: string, { read, ofRequest }: PlainFact): Column<Cell> {
    const column: Column<Cell> = { read, cells: new Map() }
    this.#columns.set(key, column)
    if (ofRequest === null) this.#others = [...this.#others, column]
    else this.#ofRequest.set(ofRequest, [...(this.#ofRequest.get(ofRequest) ?? []), column])
    return column
  }
}

function look<Cell>({ read, cells }: Column<Cell>, context: RoutingContext, visit: (cell: Cell) => void): void {
  const value = read(context)
  // What is missing equals no value that JSON has.
  if (value === undefined) return
  const cell = cells.get(value as Primitive)
  if (cell !== undefined) visit(cell)
}
