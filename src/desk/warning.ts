/** Something that was accepted although it is likely a mistake. */
export interface Warning {
  /** Keys and indexes from the command inwards. */
  readonly path: readonly (string | number)[]
  readonly message: string
}
