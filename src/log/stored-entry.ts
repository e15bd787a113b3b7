/** An entry as an engine holds it: the payload is text, so that its chain hash is one over bytes. */
export interface StoredEntry {
  readonly v: number
  readonly h: string
  readonly t: number
  readonly text: string
}
