/**
 * Measures the road from `Desk.accept` to a listener of `stop`: the frames between the two, and the functions and files
 * of `src` that one warm `accept` runs, by V8's precise coverage. The sources are compiled file by file, so that each
 * function still belongs to its own.
 */
import { rmSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Desk, openDesk } from '../../src'
import { filesUnder, root } from './source-file'

export interface Road {
  /** Frames of `src` on the stack from `Desk.accept` to the listener. */
  readonly frames: readonly string[]
  /** The functions of `src` that `accept` runs until its promise resolves, as `file function`. */
  readonly functions: readonly string[]
  readonly files: readonly string[]
}

const outputFolder = `${root}.frontbell/road/`
const warmUpRequests = 200

export async function measureRoad(): Promise<Road> {
  await compileEachFile()
  const source: { openDesk: typeof openDesk } = await import(pathToFileURL(`${outputFolder}index.js`).href)
  const desk = await source.openDesk({ staff: [{ id: 'ana' }, { id: 'bo' }, { id: 'cy' }] })
  for (const { staffId } of [{ staffId: 'ana' }, { staffId: 'bo' }, { staffId: 'cy' }]) {
    await desk.connect(staffId, 'tab')
  }
  let stack = ''
  desk.on('stop', () => {
    stack = new Error('stop').stack ?? ''
  })
  for (let count = 0; count < warmUpRequests; count += 1) await serve(desk, `warm-${count}`)
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  const functions = await functionsRunBy(() => desk.accept('r1', 'ana'))
  Error.stackTraceLimit = limit
  await desk.close()
  const frames = framesOf(stack)
  return { frames, functions, files: [...new Set(functions.map((name) => name.split(' ')[0] ?? ''))] }
}

async function serve(desk: Desk, requestId: string): Promise<void> {
  await desk.requestChat({ requestId, visitorId: requestId })
  await desk.accept(requestId, 'bo')
  await desk.end(requestId)
}

/** From the listener outwards, without the frames of the measurement and of packages. */
function framesOf(stack: string): string[] {
  const lines = stack.split('\n').filter((line) => line.includes('.frontbell/road/'))
  return lines.map((line) => line.replace(/^ *at /, '').replace(/\(?[^ (]*\.frontbell\/road\//, '('))
}

async function functionsRunBy(action: () => Promise<unknown>): Promise<string[]> {
  const session = new Session()
  session.connect()
  await post(session, 'Profiler.enable')
  await post(session, 'Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await action()
  const { result } = (await post(session, 'Profiler.takePreciseCoverage')) as Profiler.TakePreciseCoverageReturnType
  session.disconnect()
  return result.flatMap(({ url, functions }) => {
    const file = url.split('.frontbell/road/')[1]
    if (file === undefined) return []
    const run = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
    return run.map(({ functionName, ranges }) => `${file} ${functionName}:${ranges[0]?.startOffset}`)
  })
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
