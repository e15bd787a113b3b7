/** Keys and indexes from the outside in, as an `InputIssue` tells them. */
export type Path = readonly (string | number)[]

/** Where something stands, told from the inside out: a path is written down only when there is something to tell. */
export type Place = Path | Inside

export interface Inside {
  readonly within: Place
  readonly key: string
  /** In the list that stands at the key. */
  readonly index?: number | null
}

/** The path to a place, and on to something in it. */
export function pathTo(place: Place, ...further: Path): Path {
  const keys = [...further].reverse()
  let at = place
  while ('within' in at) {
    const { within, key, index = null } = at
    if (index !== null) keys.push(index)
    keys.push(key)
    at = within
  }
  return [...at, ...keys.reverse()]
}
