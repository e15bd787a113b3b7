/**
 * `npm run check:mutation [-- layer [path …]]`: lets Stryker make mutants of a layer (default: `core`), or of these of
 * its files, and runs the tests that `bundle-tests.ts` names for the layer. The report is
 * `.frontbell/mutation-<layer>.json`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isMutatedLayer, mutatedLayers } from './mutated-layers'

const [layer = 'core', ...paths] = process.argv.slice(2)
if (!isMutatedLayer(layer)) throw new Error(`expected one of ${Object.keys(mutatedLayers).join(', ')}, got ${layer}`)

const base = JSON.parse(readFileSync('stryker.config.json', 'utf8'))
const mutate = paths.length > 0 ? paths : [`src/${layer}/**/*.ts`, `!src/${layer}/index.ts`]
const config = { ...base, mutate, jsonReporter: { fileName: `.frontbell/mutation-${layer}.json` } }
const file = `.frontbell/stryker-${layer}.json`
mkdirSync('.frontbell', { recursive: true })
writeFileSync(file, JSON.stringify(config, null, 2))
const env = { ...process.env, FRONTBELL_MUTATED_LAYER: layer }
process.exitCode = spawnSync('stryker', ['run', file], { stdio: 'inherit', env }).status ?? 1
