import type { SourceFile } from './source-file'
import { importsOf, resolvedImport } from './syntax'

/** The level of each layer. A layer imports lower layers only, neither its neighbours nor higher ones. */
const layerLevels: Readonly<Record<string, number>> = {
  core: 0,
  input: 1,
  portal: 2,
  store: 2,
  routing: 2,
  desk: 3,
  host: 4,
  testing: 4,
  simulation: 5,
  cli: 6,
}

/** Folders inside a layer that have an entry point of their own. */
const nestedEntryPoints = ['src/store/redis', 'src/store/postgres']

/** The packages that each layer may import; `node:` stands for every module of Node. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  core: [],
  input: ['zod/mini'],
  portal: [],
  store: ['node:crypto'],
  routing: ['json-rules-engine', 'zod/mini'],
  desk: ['eventemitter3', 'zod/mini'],
  host: ['zod/mini'],
  testing: ['fast-check'],
  simulation: ['csv-parse/sync', 'zod/mini'],
  cli: ['node:', 'jsonc-parser', 'zod/mini'],
}

/** Imports that bypass an entry point, lead to a higher layer, or name a package that the layer may not import. */
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
  if (to === undefined) return 'is above every layer'
  if (!isEntryPoint(target)) return `bypasses the index.ts of ${to}`
  if (from === undefined) return undefined
  if (levelOf(to) >= levelOf(from)) return `leads up from ${from} to ${to}`
  if (from === 'portal' && !isType) return 'imports more than types into portal'
  return undefined
}

/** Inside a layer files import each other directly; a nested folder with an entry point is imported through it. */
function nestedEntryViolation(from: string, target: string): string | undefined {
  const folder = nestedEntryPoints.find((path) => target.startsWith(`${path}/`))
  if (folder === undefined || from.startsWith(`${folder}/`) || isEntryPoint(target)) return undefined
  return `bypasses the index.ts of ${folder}`
}

function packageViolation(file: SourceFile, specifier: string): string | undefined {
  const layer = layerOf(file.path)
  const allowed = layer === undefined ? [] : (allowedPackages[layer] ?? [])
  const isAllowed = allowed.some((name) => (name.endsWith(':') ? specifier.startsWith(name) : specifier === name))
  return isAllowed ? undefined : `is a package that ${layer ?? 'the root'} may not import`
}

function isEntryPoint(path: string): boolean {
  return /^src\/[^/]+\/index\.ts$/.test(path) || nestedEntryPoints.some((folder) => path === `${folder}/index.ts`)
}

function levelOf(layer: string): number {
  return layerLevels[layer] ?? Number.NaN
}

/** The folder under `src`; `undefined` for `src/index.ts`. */
function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** Folders of `src` that are no layer. */
export function unknownLayers(files: readonly SourceFile[]): string[] {
  const found = new Set(files.map(({ path }) => layerOf(path)))
  return [...found].filter((layer) => layer !== undefined && !(layer in layerLevels)).map((layer) => `src/${layer}`)
}
