/** Where two JSON values differ first, as a path; `null` when they are the same. Keys may come in any order. */
export function firstDifference(one: unknown, other: unknown, path = ''): string | null {
  if (Object.is(one, other)) return null
  const said = () => `${path || 'it'}: ${JSON.stringify(one)} here, ${JSON.stringify(other)} there`
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return said()
  if (Array.isArray(one) !== Array.isArray(other)) return said()
  const left = one as Record<string, unknown>
  const right = other as Record<string, unknown>
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return said()
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return said()
    const found = firstDifference(left[key], right[key], `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}
