import { type DeskState, type PortalSnapshot, portalSnapshotOf, type ScreenOperation } from '../../../src/core'
import { applyUpdate, type ServerSnapshot } from '../../../src/portal/portal-view'

/** A screen that learns nothing but operations, unless it is to be read whole. */
export class ProjectedScreen {
  shown: ServerSnapshot
  readonly #snapshot: () => PortalSnapshot
  #operations: ScreenOperation[] = []
  #isReplaced = false

  constructor(snapshot: () => PortalSnapshot) {
    this.#snapshot = snapshot
    this.shown = snapshot()
  }

  onOperation(operation: ScreenOperation): void {
    this.#operations.push(operation)
  }

  onReplaced(): void {
    this.#isReplaced = true
  }

  /** Returns the operations that have come since it was read last. */
  read(): ScreenOperation[] {
    const operations = this.#operations.splice(0)
    if (this.#isReplaced) this.shown = this.#snapshot()
    else if (operations.length > 0) this.shown = applyUpdate(this.shown, { ...update, operations })
    this.#isReplaced = false
    return operations
  }
}

const update = { type: 'update', since: 0, version: 0, at: 0 } as const

export function snapshotOf({ state }: { readonly state: DeskState }, staffId: string): PortalSnapshot {
  const snapshot = portalSnapshotOf(state, staffId, 0)
  if (snapshot === undefined) throw new Error(`${staffId} is unknown`)
  return JSON.parse(JSON.stringify(snapshot))
}
