import type { SourceFile } from './source-file'
import { importsOf, resolvedImport } from './syntax'

/** How high each floor lies. A floor imports what lies lower, never its neighbours and never upwards. */
const layerLevels: Readonly<Record<string, number>> = {
  core: 0,
  portal: 1,
  store: 1,
  routing: 1,
  desk: 2,
  host: 3,
  testing: 3,
  simulation: 4,
  cli: 5,
}

/** Rooms with a public door of their own. */
const nestedEntryPoints = ['src/log/redis', 'src/log/postgres']

/** The packages each floor may bring; `node:` stands for every module of Node. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  core: [],
  portal: [],
  store: ['node:crypto'],
  routing: ['json-rules-engine', 'zod/mini'],
  desk: ['eventemitter3', 'zod/mini'],
  host: ['zod/mini'],
  testing: ['fast-check'],
  simulation: [],
  cli: ['node:', 'jsonc-parser'],
}

/** Imports that enter a floor beside its door, climb, or leave the floors altogether. */
export function layerViolations(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line, isType }) => {
      const problem = specifier.startsWith('.')
        ? pathViolation(file, resolvedImport(file, specifier, paths), isType)
        : packageViolation(file, specifier)
      return problem === undefined ? [] : [`${file.path}:${line}: '${specifier}' ${problem}`]
    }),
  )
}

function pathViolation(file: SourceFile, target: string | undefined, isType: boolean): string | undefined {
  if (target === undefined) return 'is no file of src'
  const from = layerOf(file.path)
  const to = layerOf(target)
  if (from === to) return nestedEntryViolation(file.path, target)
  if (to === undefined) return 'is above every floor'
  if (!isEntryPoint(target)) return `enters ${to} beside its index.ts`
  if (from === undefined) return undefined
  if (levelOf(to) >= levelOf(from)) return `climbs from ${from} to ${to}`
  if (from === 'portal' && !isType) return 'brings more than types into portal'
  return undefined
}

/** Inside a floor files import each other directly; only a room with a door of its own is entered through it. */
function nestedEntryViolation(from: string, target: string): string | undefined {
  const room = nestedEntryPoints.find((path) => target.startsWith(`${path}/`))
  if (room === undefined || from.startsWith(`${room}/`) || isEntryPoint(target)) return undefined
  return `enters ${room} beside its index.ts`
}

function packageViolation(file: SourceFile, specifier: string): string | undefined {
  const floor = layerOf(file.path)
  const allowed = floor === undefined ? [] : (allowedPackages[floor] ?? [])
  const isAllowed = allowed.some((name) => (name.endsWith(':') ? specifier.startsWith(name) : specifier === name))
  return isAllowed ? undefined : `is a package that ${floor ?? 'the root'} may not import`
}

function isEntryPoint(path: string): boolean {
  return /^src\/[^/]+\/index\.ts$/.test(path) || nestedEntryPoints.some((room) => path === `${room}/index.ts`)
}

function levelOf(floor: string): number {
  return layerLevels[floor] ?? Number.NaN
}

/** The folder under `src`; `undefined` for `src/index.ts`. */
function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** Folders of `src` that are no floor. */
export function unknownLayers(files: readonly SourceFile[]): string[] {
  const found = new Set(files.map(({ path }) => layerOf(path)))
  return [...found].filter((floor) => floor !== undefined && !(floor in layerLevels)).map((floor) => `src/${floor}`)
}
