import type { Route } from './route'

/** What the rules said of one request, once; recorded in its event, so that replay never asks them again. */
export interface Verdict {
  /** Name of the workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly route: Route
  /** Higher is served first. Default 0. */
  readonly priority: number
  readonly tags: readonly string[]
}
