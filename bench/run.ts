import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { coreBench } from './core-bench'
import { deskBench } from './desk-bench'
import { type BenchRow, isMet } from './measure'

/** `npm run bench`: measures, prints the table, rewrites docs/performance.md, and fails when a goal is missed. */
const isQuick = process.argv.includes('--quick')
const rows = [...(await coreBench(isQuick)), ...(await deskBench(isQuick))]
for (const row of rows)
  console.log(
    `${isMet(row) ? 'ok   ' : 'SHORT'} ${shown(row.ratio).padStart(8)}  ${goalOf(row).padEnd(9)} ${row.name}\n${' '.repeat(26)}${row.of}: ${row.note}`,
  )
if (!isQuick) writeTable()
process.exitCode = rows.every(isMet) ? 0 : 1

function writeTable(): void {
  const page = 'docs/performance.md'
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}; CPU time, medians of interleaved rounds.`
  const table = [
    '| what | measured | goal | how to read it |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.name} | ${shown(row.ratio)} | ${goalOf(row)} | ${row.of}: ${row.note} |`),
  ].join('\n')
  const text = readFileSync(page, 'utf8')
  const start = text.indexOf('<!-- table -->')
  const end = text.indexOf('<!-- /table -->')
  if (start < 0 || end < 0)
    throw new Error('docs/performance.md: expected the marks <!-- table --> and <!-- /table -->')
  writeFileSync(page, `${text.slice(0, start)}<!-- table -->\n\n${table}\n\n${machine}\n\n${text.slice(end)}`)
}

function goalOf({ goal }: BenchRow): string {
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
}

function shown(ratio: number): string {
  return ratio >= 100 ? ratio.toFixed(0) : ratio.toFixed(2)
}
