import type { Edge } from '../../core'

/** Folds `ring` and `stop` into the pairs that are on, as a client does; answers with the first edge out of turn. */
export class EdgeFold {
  /** `request staff`, by a space. */
  readonly on = new Set<string>()

  add(edges: readonly Edge[]): string | null {
    for (const edge of edges) {
      if (edge.type === 'visitor') continue
      for (const staffId of edge.staffIds) {
        const complaint = this.#turn(edge.type, `${edge.requestId} ${staffId}`)
        if (complaint !== null) return complaint
      }
    }
    return null
  }

  #turn(type: 'ring' | 'stop', pair: string): string | null {
    if (type === 'ring' && this.on.has(pair)) return `${pair} is rung twice`
    if (type === 'stop' && !this.on.has(pair)) return `${pair} is stopped and did not ring`
    if (type === 'ring') this.on.add(pair)
    else this.on.delete(pair)
    return null
  }
}
