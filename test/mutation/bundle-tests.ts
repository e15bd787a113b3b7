/**
 * Builds `.frontbell/mutation-tests.cjs`: the tests of the core and of the desk on one node, with the code
 * under test in one file, so that a mutant costs a function call and no process. The random sequences are few and
 * always the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const root = process.cwd()
// Slow by design (real time, long histories, 50 000 values), or not about the core.
const slow = ['asynchronous-store.test.ts', 'restore-from-store.test.ts', 'hostile-input.test.ts']
// Not in mocha: files beside the test, and vitest's timers and mocks.
const needsVitest = /import\.meta|toMatchFileSnapshot|\bvi\b.* from 'vitest'/

// A mutant is killed by the first test that fails, so that the slowest tests come last.
const slowest = /^test\/core\/(properties|reference-model)\//
const paths = [...testsIn('test/core'), ...testsIn('test/desk').filter((path) => !path.includes('/cluster/'))]
const tests = [...paths.filter((path) => !slowest.test(path)), ...paths.filter((path) => slowest.test(path))]

await build({
  stdin: { contents: tests.map((path) => `import './${path}'`).join('\n'), resolveDir: root },
  outfile: '.frontbell/mutation-tests.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  alias: { vitest: './test/mutation/mocha-adapter.ts' },
  // Mutants are calls; the code they replace may be marked as free of side effects.
  ignoreAnnotations: true,
  banner: {
    js: '"use strict"; Object.assign(process.env, { FRONTBELL_RUNS: "40", FRONTBELL_SEED: "1", FRONTBELL_SHRINK: "no" })',
  },
  logLevel: 'error',
})
console.info(`${tests.length} files of tests bundled`)

function testsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !slow.includes(basename(path)))
    .map((path) => `${folder}/${path}`)
    .filter((path) => !needsVitest.test(readFileSync(join(root, path), 'utf8')))
    .sort()
}
