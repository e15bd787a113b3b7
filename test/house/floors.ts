import { importsOf, resolvedImport } from './imports-of'
import type { SourceFile } from './source-file'

/** How high each floor lies. A floor imports what lies lower, never its neighbours and never upwards. */
const heights: Readonly<Record<string, number>> = {
  core: 0,
  portal: 1,
  log: 1,
  routing: 1,
  desk: 2,
  host: 3,
  testing: 3,
  simulation: 4,
  cli: 5,
}

/** Rooms with a public door of their own. */
const rooms = ['src/log/redis', 'src/log/postgres']

/** The packages each floor may bring; `node:` stands for every module of Node. */
const packages: Readonly<Record<string, readonly string[]>> = {
  core: [],
  portal: [],
  log: ['node:crypto'],
  routing: ['json-rules-engine', 'zod/mini'],
  desk: ['eventemitter3', 'zod/mini'],
  host: ['zod/mini'],
  testing: ['fast-check'],
  simulation: [],
  cli: ['node:', 'jsonc-parser'],
}

/** Imports that enter a floor beside its door, climb, or leave the floors altogether. */
export function brokenFloors(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line, isType }) => {
      const problem = specifier.startsWith('.')
        ? brokenPath(file, resolvedImport(file, specifier, paths), isType)
        : brokenPackage(file, specifier)
      return problem === undefined ? [] : [`${file.path}:${line}: '${specifier}' ${problem}`]
    }),
  )
}

function brokenPath(file: SourceFile, target: string | undefined, isType: boolean): string | undefined {
  if (target === undefined) return 'is no file of src'
  const from = floorOf(file.path)
  const to = floorOf(target)
  if (from === to) return brokenRoom(file.path, target)
  if (to === undefined) return 'is above every floor'
  if (!isDoor(target)) return `enters ${to} beside its index.ts`
  if (from === undefined) return undefined
  if (heightOf(to) >= heightOf(from)) return `climbs from ${from} to ${to}`
  if (from === 'portal' && !isType) return 'brings more than types into portal'
  return undefined
}

/** Inside a floor files import each other directly; only a room with a door of its own is entered through it. */
function brokenRoom(from: string, target: string): string | undefined {
  const room = rooms.find((path) => target.startsWith(`${path}/`))
  if (room === undefined || from.startsWith(`${room}/`) || isDoor(target)) return undefined
  return `enters ${room} beside its index.ts`
}

function brokenPackage(file: SourceFile, specifier: string): string | undefined {
  const floor = floorOf(file.path)
  const allowed = floor === undefined ? [] : (packages[floor] ?? [])
  const isAllowed = allowed.some((name) => (name.endsWith(':') ? specifier.startsWith(name) : specifier === name))
  return isAllowed ? undefined : `is a package that ${floor ?? 'the root'} may not import`
}

function isDoor(path: string): boolean {
  return /^src\/[^/]+\/index\.ts$/.test(path) || rooms.some((room) => path === `${room}/index.ts`)
}

function heightOf(floor: string): number {
  return heights[floor] ?? Number.NaN
}

/** The folder under `src`; `undefined` for `src/index.ts`. */
function floorOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** Folders of `src` that are no floor. */
export function unknownFloors(files: readonly SourceFile[]): string[] {
  const found = new Set(files.map(({ path }) => floorOf(path)))
  return [...found].filter((floor) => floor !== undefined && !(floor in heights)).map((floor) => `src/${floor}`)
}
