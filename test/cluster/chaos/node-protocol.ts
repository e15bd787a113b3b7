export type BackendKind = 'redis' | 'postgres'

/** What the harness asks of a node's process; each is answered under its id. */
export type NodeCommand = { readonly id: string; readonly desk: string } & (
  | {
      readonly to: 'open'
      readonly staffIds: readonly string[]
      readonly screens: readonly string[]
      /** How far this node's clock is ahead. */
      readonly skewMs: number
      readonly replicas: number
    }
  | { readonly to: 'do'; readonly input: object }
  | { readonly to: 'look' | 'trim' | 'close' }
)

export interface NodeReport {
  readonly version: number
  readonly state: string
  /** Screens that do not show what the desk says. */
  readonly mismatchedScreens: readonly string[]
  readonly reports: readonly string[]
}
