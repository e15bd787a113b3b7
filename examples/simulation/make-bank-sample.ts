import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Makes bank-sample.txt: one invented day in the format of the call-centre data of the "Anonymous Bank" (Technion, SEE
 * lab). Nothing in it is from the published files but the names of the columns and the codes in them.
 */
const columns = [
  ...['vru+line', 'call_id', 'customer_id', 'priority', 'type', 'date', 'vru_entry', 'vru_exit', 'vru_time'],
  ...['q_start', 'q_exit', 'q_time', 'outcome', 'ser_start', 'ser_exit', 'ser_time', 'server'],
]
const servers = ['AVA', 'BEN', 'CARA', 'DOV']
const types = ['PS', 'PS', 'PS', 'PS', 'PS', 'PS', 'NW', 'NW', 'NE', 'NE', 'IN', 'PE']
/** Calls an hour, from midnight on. */
const byHour = [0, 0, 0, 0, 0, 0, 0, 14, 26, 34, 36, 34, 30, 28, 30, 28, 24, 18, 14, 12, 12, 10, 8, 4]
const callsToMake = 520
const noTime = '0:00:00'

interface Call {
  readonly entry: number
  readonly voiceSeconds: number
  readonly patienceSeconds: number
  readonly serviceSeconds: number
  readonly chance: number
}

/** The lines of the file, heading first: always the same. */
export function bankSample(): string[] {
  const chance = mulberry(1999)
  const calls = Array.from(
    { length: callsToMake },
    (): Call => ({
      entry: entryFrom(chance),
      voiceSeconds: 3 + Math.floor(chance() * 12),
      patienceSeconds: Math.ceil(-240 * Math.log(1 - chance())),
      serviceSeconds: Math.max(8, Math.round(Math.exp(4.9 + 0.8 * normal(chance)))),
      chance: chance(),
    }),
  ).sort((one, other) => one.entry - other.entry)
  const freeAt = servers.map(() => 0)
  return [columns.join('\t'), ...calls.map((call, index) => lineOf(call, index, freeAt).join('\t'))]
}

function lineOf(call: Call, index: number, freeAt: number[]): (string | number)[] {
  const exit = call.entry + call.voiceSeconds
  const customer = call.chance < 0.6 ? 1_000_000 + Math.floor(call.chance * 1e6) : 0
  const priority = call.chance < 0.2 ? 2 : call.chance < 0.6 ? 1 : 0
  const type = types[Math.floor(call.chance * 977) % types.length] ?? 'PS'
  const head = [`AA0${1 + (index % 6)}${String(1 + (index % 16)).padStart(2, '0')}`, 33_000 + index, customer, priority]
  const voice = [type, '990104', clock(call.entry), clock(exit), call.voiceSeconds]
  return [...head, ...voice, ...servedFrom(call, exit, freeAt)]
}

function servedFrom(call: Call, exit: number, freeAt: number[]): (string | number)[] {
  if (call.chance > 0.97) return [noTime, noTime, 0, 'HANG', noTime, noTime, 0, 'NO_SERVER']
  if (call.chance > 0.965) return [noTime, noTime, 0, 'PHANTOM', noTime, noTime, 0, 'NO_SERVER']
  const free = freeAt.indexOf(Math.min(...freeAt))
  const start = Math.max(exit, freeAt[free] ?? 0)
  const waited = start - exit
  if (waited > call.patienceSeconds) {
    const left = exit + call.patienceSeconds
    return [clock(exit), clock(left), call.patienceSeconds, 'HANG', noTime, noTime, 0, 'NO_SERVER']
  }
  const end = start + call.serviceSeconds
  freeAt[free] = end
  const queue = waited === 0 ? [noTime, noTime, 0] : [clock(exit), clock(start), waited]
  return [...queue, 'AGENT', clock(start), clock(end), call.serviceSeconds, servers[free] ?? '']
}

function entryFrom(chance: () => number): number {
  let left = chance() * byHour.reduce((sum, count) => sum + count, 0)
  const hour = byHour.findIndex((count) => {
    left -= count
    return left < 0
  })
  return hour * 3_600 + Math.floor(chance() * 3_500)
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${Math.floor(seconds / 3_600) % 24}:${two((seconds % 3_600) / 60)}:${two(seconds % 60)}`
}

function normal(chance: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('bank-sample.txt', import.meta.url)), `${bankSample().join('\n')}\n`)
}
