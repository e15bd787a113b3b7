import type { Read } from './fact-reader'
import type { KeyedFact, Primitive, Requirement } from './requirements'
import type { RoutingContext } from './routing-context'

interface Column<Cell> {
  readonly read: Read
  readonly ofRequest: string | null
  readonly cells: Map<Primitive, Cell>
}

/**
 * Cells by the value of a fact. Looks at the facts a request has, or at those somebody asks about: whichever are
 * fewer.
 */
export class FactTable<Cell> {
  readonly #columns = new Map<string, Column<Cell>>()
  readonly #ofRequest = new Map<string, Column<Cell>[]>()
  readonly #others = new Set<Column<Cell>>()

  /** Calls `visit` with each cell whose fact has its value. */
  visit(context: RoutingContext, visit: (cell: Cell) => void): void {
    if (this.#others.size > 0) for (const column of this.#others) look(column, context, visit)
    if (this.#ofRequest.size <= context.factNames.length) {
      for (const columns of this.#ofRequest.values()) for (const column of columns) look(column, context, visit)
      return
    }
    for (const name of context.factNames) {
      const columns = this.#ofRequest.get(name)
      if (columns !== undefined) for (const column of columns) look(column, context, visit)
    }
  }

  get({ fact }: Requirement, value: Primitive): Cell | undefined {
    return this.#columns.get(fact.key)?.cells.get(value)
  }

  set({ fact }: Requirement, value: Primitive, cell: Cell): void {
    const column = this.#columns.get(fact.key) ?? this.#addColumn(fact)
    column.cells.set(value, cell)
  }

  delete({ fact }: Requirement, value: Primitive): void {
    const column = this.#columns.get(fact.key)
    if (column?.cells.delete(value) === true && column.cells.size === 0) this.#dropColumn(fact.key, column)
  }

  get isEmpty(): boolean {
    return this.#columns.size === 0
  }

  #addColumn({ key, read, ofRequest }: KeyedFact): Column<Cell> {
    const column: Column<Cell> = { read, ofRequest, cells: new Map() }
    this.#columns.set(key, column)
    if (ofRequest === null) this.#others.add(column)
    else this.#ofRequest.set(ofRequest, [...(this.#ofRequest.get(ofRequest) ?? []), column])
    return column
  }

  #dropColumn(key: string, column: Column<Cell>): void {
    this.#columns.delete(key)
    this.#others.delete(column)
    if (column.ofRequest === null) return
    const left = (this.#ofRequest.get(column.ofRequest) ?? []).filter((other) => other !== column)
    if (left.length === 0) this.#ofRequest.delete(column.ofRequest)
    else this.#ofRequest.set(column.ofRequest, left)
  }
}

function look<Cell>({ read, cells }: Column<Cell>, context: RoutingContext, visit: (cell: Cell) => void): void {
  const value = read(context)
  // What is missing equals no value that JSON has.
  if (value === undefined) return
  const cell = cells.get(value as Primitive)
  if (cell !== undefined) visit(cell)
}
