/**
 * Builds `.frontbell/mutation-tests.cjs`: the tests of a layer (`FRONTBELL_MUTATED_LAYER`, default `core`) with the
 * code under test in one file, so that a mutant costs a function call and no process. The random sequences are few
 * (`FRONTBELL_MUTATION_RUNS`, default 40) and always the same. `FRONTBELL_MUTATION_WITHOUT` leaves out the tests whose
 * path it matches, for a run on few files.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { isMutatedLayer, mutatedLayers } from './mutated-layers'

const root = process.cwd()
const layer = process.env.FRONTBELL_MUTATED_LAYER ?? 'core'
if (!isMutatedLayer(layer)) throw new Error(`expected one of ${Object.keys(mutatedLayers).join(', ')}, got ${layer}`)
const { tests: places, without } = mutatedLayers[layer]
const alsoWithout = new RegExp(process.env.FRONTBELL_MUTATION_WITHOUT ?? '^$')
// Not in mocha: files beside the test, and vitest's timers and mocks of modules.
const needsVitest = /import\.meta|\bvi\.(useFakeTimers|mock|hoisted|resetModules|stubEnv)\b/

// A place that is named later takes its tests from an earlier one that holds it.
const placed = new Map(places.flatMap((place) => testsIn(place).map((path) => [path, place] as const)))
const tests = [...placed].sort(([, one], [, other]) => orderOf(one) - orderOf(other)).map(([path]) => path)

const runs = process.env.FRONTBELL_MUTATION_RUNS ?? '40'
const campaign = {
  ...{ FRONTBELL_RUNS: runs, FRONTBELL_CLUSTER_RUNS: '12', FRONTBELL_SEED: '1', FRONTBELL_SHRINK: 'no' },
}

await build({
  stdin: { contents: tests.map((path) => `import './${path}'`).join('\n'), resolveDir: root },
  outfile: '.frontbell/mutation-tests.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  alias: { vitest: './test/mutation/mocha-adapter.ts' },
  // The only file that the tests need it for finds the root of the repository by it.
  define: {
    'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'test/repository-checks/source-file.ts')).href),
  },
  // Mutants are calls; the code they replace may be marked as free of side effects.
  ignoreAnnotations: true,
  banner: {
    js: `"use strict"; Object.assign(process.env, ${JSON.stringify(campaign)})`,
  },
  logLevel: 'error',
})
console.info(`${tests.length} files of tests bundled`)

function orderOf(place: string): number {
  return (places as readonly string[]).indexOf(place)
}

function testsIn(place: string): string[] {
  const isFolder = statSync(join(root, place)).isDirectory()
  const paths = isFolder
    ? readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((path) => `${place}/${path}`)
    : [place]
  return paths
    .filter((path) => path.endsWith('.test.ts') && !without.test(path) && !alsoWithout.test(path))
    .filter((path) => !needsVitest.test(readFileSync(join(root, path), 'utf8')))
    .sort()
}
