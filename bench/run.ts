import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { clusterBench } from './cluster/cluster'
import { coreBench } from './core-bench'
import { deskBench } from './desk-bench'
import { growthBench } from './growth'
import { type BenchRow, matched } from './measure'
import { engineBench } from './routing/engine-comparison'
import { routingBench } from './routing/routing'
import { screensBench } from './screens'
import { simulationBench } from './simulation'

/**
 * `npm run bench` measures, prints the table, rewrites docs/performance.md, and fails when a goal is missed. Each group
 * has a process of its own, so that no group changes how the code of another is compiled. `-- --quick` measures
 * briefly.
 */
const groups = {
  core: coreBench,
  desk: deskBench,
  screens: screensBench,
  routing: routingBench,
  engines: engineBench,
  simulation: simulationBench,
  cluster: clusterBench,
  growth: growthBench,
}
const isQuick = process.argv.includes('--quick')
const group = process.argv.find((word): word is keyof typeof groups => word in groups)

if (group === undefined) runAll()
else writeFileSync(3, JSON.stringify(await groups[group](isQuick)))

function runAll(): void {
  const rows = Object.keys(groups).flatMap(rowsOf)
  if (!isQuick) writeTable(rows)
  process.exitCode = rows.every(matched) ? 0 : 1
}

function rowsOf(name: string): BenchRow[] {
  const args = ['--expose-gc', fileURLToPath(import.meta.url), name, ...(isQuick ? ['--quick'] : [])]
  const { output, status } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the group ${name} failed`)
  const rows = JSON.parse(output[3] ?? '[]') as BenchRow[]
  for (const row of rows) console.log(rowText(row))
  return rows
}

function rowText(row: BenchRow): string {
  const status = matched(row) ? 'ok   ' : 'SHORT'
  const indent = ' '.repeat(26)
  return `${status} ${shown(row.ratio).padStart(8)}  ${goalOf(row).padEnd(9)} ${row.name}\n${indent}${row.of}: ${row.note}`
}

function writeTable(rows: readonly BenchRow[]): void {
  const page = 'docs/performance.md'
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}; CPU time, medians of interleaved rounds.`
  const table = [
    '| what | measured | goal | met | how to read it |',
    '|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${shown(row.ratio)} | ${goalOf(row)} | ${matched(row) ? 'yes' : '**no**'} | ${row.of}: ${row.note} |`,
    ),
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
