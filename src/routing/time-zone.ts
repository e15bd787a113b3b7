const formatters = new Map<string, Intl.DateTimeFormat>()

/** Whether the runtime knows this IANA name. Offsets such as `+02:00` are no zones: they have no daylight saving. */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return false
  try {
    formatterOf(name)
    return true
  } catch {
    return false
  }
}

/** Making a formatter costs a thousand times more than using one. */
export function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const found = formatters.get(timeZone)
  if (found !== undefined) return found
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    era: 'short',
  })
  formatters.set(timeZone, formatter)
  return formatter
}
