const isDevelopment = typeof process === 'undefined' || process.env.NODE_ENV !== 'production'

/** Freezes a value all the way down in development, so that changing a view throws; does nothing in production. */
export function devFreeze<Value>(value: Value): Value {
  if (isDevelopment) deepFreeze(value)
  return value
}

/** Freezes a value all the way down. Stops at parts that are frozen already, so that it costs little the next time. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}
