import { Session } from 'node:inspector'

interface BlockCoverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

/** Blocks of code that run in 100 ms, as a lower bound: two busy cores ran 25 million in a second. */
export const stepsIn100Ms = 2_500_000

/** From the import of this file on, V8 counts: code that was compiled before would be counted less closely. */
const session = new Session()
session.connect()
const isCounting = post('Profiler.enable').then(() =>
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true }),
)

/**
 * Returns how many blocks of code in the files of `src` and of the packages ran, as V8 counts them: the same on every
 * machine, so that a test can bound how long a call blocks without a clock.
 */
export async function countSteps(act: () => unknown): Promise<number> {
  await takeSteps()
  await act()
  return takeSteps()
}

/** Returns how many steps there were since the last call. */
export async function takeSteps(): Promise<number> {
  await isCounting
  const { result } = (await post('Profiler.takePreciseCoverage')) as BlockCoverage
  const measured = result.filter(({ url }) => /\/(src|node_modules)\//.test(url) && !/vitest|vite\//.test(url))
  return measured
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0)
}

function post(method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => (error === null ? resolve(result) : reject(error)))
  })
}
