/**
 * Measures the road from `Desk.accept` to a listener of `stop`: the frames between the two, and the functions and files
 * of `src` that one warm `accept` has run when it calls the listener, by V8's precise coverage. The sources are
 * compiled file by file, so that each function still belongs to its own.
 */
import { rmSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type * as Source from '../../src'
import { filesUnder, root } from './source-file'

export interface Road {
  /** Frames of `src` on the stack from the listener out to `Desk.accept`. */
  readonly frames: readonly string[]
  /** The functions of `src` that have run when the listener is called, as `file function:offset`. */
  readonly functions: readonly string[]
  readonly files: readonly string[]
}

const outputFolder = `${root}.frontbell/road/`
const warmUpRequests = 200

export async function measureRoad(): Promise<Road> {
  await compileEachFile()
  const source: Pick<typeof Source, 'manualClock' | 'openDesk'> = await import(
    pathToFileURL(`${outputFolder}index.js`).href
  )
  const staff = ['ana', 'bo', 'cy']
  const desk = await source.openDesk({ staff: staff.map((id) => ({ id })), clock: source.manualClock() })
  for (const id of staff) await desk.connect(id, 'tab')
  for (let count = 0; count < warmUpRequests; count += 1) await serve(desk, `warm-${count}`)
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  const profiler = new Session()
  profiler.connect()
  await post(profiler, 'Profiler.enable')
  await post(profiler, 'Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  const arrival = new Promise<Road>((resolve, reject) => {
    desk.on('stop', () => {
      const { stack = '' } = new Error('stop')
      takeFunctions(profiler).then((functions) => {
        resolve({ frames: framesOf(stack), functions, files: [...new Set(functions.map(fileOf))] })
      }, reject)
    })
  })
  await post(profiler, 'Profiler.takePreciseCoverage')
  desk.accept('r1', 'ana')
  const road = await arrival
  Error.stackTraceLimit = limit
  profiler.disconnect()
  await desk.close()
  return road
}

async function serve(desk: Source.Desk, requestId: string): Promise<void> {
  await desk.requestChat({ requestId, visitorId: requestId })
  await desk.accept(requestId, 'ana')
  await desk.end(requestId)
}

/** From the listener outwards, without the frames of the measurement and of packages. */
function framesOf(stack: string): string[] {
  const lines = stack.split('\n').filter((line) => line.includes('.frontbell/road/'))
  return lines.map((line) => line.replace(/^ *at /, '').replace(/\(?[^ (]*\.frontbell\/road\//, '('))
}

/** Takes the coverage before it returns, so that what runs later is not in it. */
async function takeFunctions(profiler: Session): Promise<string[]> {
  const taken = post(profiler, 'Profiler.takePreciseCoverage')
  const { result } = (await taken) as Profiler.TakePreciseCoverageReturnType
  return result.flatMap(({ url, functions }) => {
    const file = url.split('.frontbell/road/')[1]
    if (file === undefined) return []
    const run = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
    return run.map(({ functionName, ranges }) => `${file} ${functionName}:${ranges[0]?.startOffset}`)
  })
}

function fileOf(name: string): string {
  return name.split(' ')[0] ?? ''
}

function post(session: Session, method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => (error === null ? resolve(result) : reject(error)))
  })
}

async function compileEachFile(): Promise<void> {
  rmSync(outputFolder, { recursive: true, force: true })
  await build({
    entryPoints: filesUnder('src').map(({ path }) => root + path),
    outdir: outputFolder,
    outbase: `${root}src`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    packages: 'external',
    plugins: [importsStay],
    logLevel: 'error',
  })
}

/** Leaves each import as it is, but for the name of the file that it leads to. */
const importsStay: Plugin = {
  name: 'imports-stay',
  setup: ({ onResolve }) => {
    const paths = new Set(filesUnder('src').map(({ path }) => path))
    onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined
      const target = new URL(path, pathToFileURL(importer)).pathname.slice(root.length)
      return { path: `${path}${paths.has(`${target}.ts`) ? '.js' : '/index.js'}`, external: true }
    })
  },
}
