/**
 * `npm run check:mutation [-- layer [path …]]`: lets Stryker make mutants of a layer (default: `core`), or of these of
 * its files, and runs the tests that `bundle-tests.ts` names for the layer. The report is
 * `.frontbell/mutation-<layer>.json`; a run on some files replaces their part of it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isMutatedLayer, mutatedLayers } from './mutated-layers'
import { mergeReports, readReport, reportOf } from './report'

const [layer = 'core', ...paths] = process.argv.slice(2)
if (!isMutatedLayer(layer)) throw new Error(`expected one of ${Object.keys(mutatedLayers).join(', ')}, got ${layer}`)

const base = JSON.parse(readFileSync('stryker.config.json', 'utf8'))
const mutate = paths.length > 0 ? paths : mutatedLayers[layer].files
const newest = `.frontbell/mutation-${layer}-newest.json`
const config = { ...base, mutate, jsonReporter: { fileName: newest } }
const file = `.frontbell/stryker-${layer}.json`
mkdirSync('.frontbell', { recursive: true })
rmSync(newest, { force: true })
writeFileSync(file, JSON.stringify(config, null, 2))
const env = { ...process.env, FRONTBELL_MUTATED_LAYER: layer }
process.exitCode = spawnSync('stryker', ['run', file], { stdio: 'inherit', env }).status ?? 1

if (existsSync(newest)) {
  const earlier = paths.length > 0 ? [readReport(reportOf(layer))] : []
  writeFileSync(reportOf(layer), JSON.stringify(mergeReports(...earlier, readReport(newest))))
}
