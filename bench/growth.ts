import { mkdirSync, writeFileSync } from 'node:fs'
import { lifecycle } from './core-bench'
import { CoreDesk } from './core-desk'
import { type BenchRow, median, microsecondsOf, type Work } from './measure'
import { type Plot, plotSvg } from './plots'
import { routerOf } from './routing/routing-engines'
import { plainCase } from './routing/rule-cases'

const sizes = [10, 100, 1_000, 10_000]
/** The lifecycle needs at least a hundred staff members. */
const staffSizes = [100, 1_000, 10_000]
const folder = 'docs/images'

/**
 * Plots for docs/performance.md of how costs grow with workflows, staff and open requests. It has no goals: the other
 * groups have goals for the same growth, as ratios.
 */
export async function growthBench(isQuick = false): Promise<BenchRow[]> {
  const rounds = isQuick ? 1 : 5
  const plots = {
    workflows: {
      ...{ title: 'Routing one request', xLabel: 'workflows', yLabel: 'CPU µs, hit' },
      lines: [{ name: 'router', points: await points({ rounds, times: 1_000, sizes, workFor: routing }) }],
    },
    staff: {
      ...{ title: 'Ring all, two mutes, accept, end', xLabel: 'staff members present', yLabel: 'CPU µs' },
      lines: [{ name: 'core', points: await points({ rounds, times: 200, sizes: staffSizes, workFor: withStaff }) }],
    },
    'open-requests': {
      ...{ title: 'Ring all 100, two mutes, accept, end', xLabel: 'other open requests', yLabel: 'CPU µs' },
      lines: [{ name: 'core', points: await points({ rounds, times: 2_000, sizes, workFor: withOpen }) }],
    },
  } satisfies Record<string, Plot>
  mkdirSync(folder, { recursive: true })
  for (const [name, plot] of Object.entries(plots)) {
    if (!isQuick) writeFileSync(`${folder}/cost-by-${name}.svg`, plotSvg(plot))
    console.log(
      `plot  ${name}: ${plot.lines.flatMap((line) => line.points.map(({ y }) => y.toFixed(1))).join(', ')} µs`,
    )
  }
  return []
}

const withStaff = (staff: number) => lifecycleWork(staff, 0)
const withOpen = (open: number) => lifecycleWork(100, open)

interface Growth {
  readonly rounds: number
  readonly times: number
  readonly sizes: readonly number[]
  readonly workFor: (size: number) => Work
}

/** Returns the median of interleaved rounds at each size, each after as many untimed repetitions. */
async function points({ rounds, times, sizes, workFor }: Growth) {
  const works = sizes.map(workFor)
  const measured = sizes.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) measured[index]?.push(await microsecondsOf(work, times, times))
  return sizes.map((x, index) => ({ x, y: median(measured[index] ?? []) }))
}

function routing(workflows: number): Work {
  const given = plainCase(workflows)
  const router = routerOf(given)
  return async (times) => {
    for (let index = 0; index < times; index += 1) await router.route({ visitorId: 'v', facts: given.request(index) })
  }
}

function lifecycleWork(staff: number, open: number): Work {
  const desk = new CoreDesk(() => {})
  for (let index = 0; index < staff; index += 1) desk.connect(`s${index}`)
  for (let index = 0; index < open; index += 1) desk.open(`open-${index}`, `open-visitor-${index}`)
  let life = 0
  return (times) => {
    for (const end = life + times; life < end; life += 1) lifecycle(desk, life)
    desk.events.length = 0
  }
}
