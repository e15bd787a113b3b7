const widthMax = 78

/** Returns indented JSON in which a value that fits on one line is written on one. */
export function formatJson(value: unknown, indent = ''): string {
  const flat = flatText(value)
  const isLeaf = typeof value !== 'object' || value === null
  if (isLeaf || indent.length + flat.length <= widthMax) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + formatJson(item, inner)).join(',\n')}\n${indent}]`
  const lines = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${formatJson(item, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function flatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flatText(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
