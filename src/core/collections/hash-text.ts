/** Returns the 32-bit FNV-1a hash of a text: the same on every machine. Another `basis` gives another hash. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
