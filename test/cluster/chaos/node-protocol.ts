import type { Policy } from '../../../src'

export type BackendKind = 'redis' | 'postgres'

/** A command of the harness to a node's process; it is answered under its id. */
export type NodeCommand = { readonly id: string; readonly desk: string } & (
  | {
      readonly to: 'open'
      readonly staffIds: readonly string[]
      readonly screens: readonly string[]
      /** How far this node's clock is ahead. */
      readonly skewMs: number
      readonly replicas: number
      readonly policy?: Partial<Policy>
    }
  | { readonly to: 'execute'; readonly input: object }
  /** Is answered with the port of the visitors' WebSocket server. */
  | { readonly to: 'serveVisitors' }
  | { readonly to: 'report' | 'trim' | 'close' }
)

export interface NodeReport {
  readonly version: number
  readonly state: string
  /** Screens that differ from the desk's portals. */
  readonly mismatchedScreens: readonly string[]
  readonly reports: readonly string[]
}
