const shownMax = 60

/**
 * What came, in the words of an error: the value itself when it is short, else its kind. Never runs the value's code.
 */
export function described(value: unknown): string {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'bigint') return 'a bigint'
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return isPlain(value) ? 'an object' : `an object of class ${className(value)}`
}

/** `{}` and its like, of whatever realm, or without a prototype; no class instance. */
export function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && !Array.isArray(value)
}

function text(value: string): string {
  return value.length <= shownMax ? JSON.stringify(value) : `text of ${value.length} characters`
}

function className(value: object): string {
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value) ?? {}, 'constructor')?.value
  return typeof maker === 'function' && maker.name !== '' ? maker.name.slice(0, shownMax) : 'unknown'
}
