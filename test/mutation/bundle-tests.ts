/**
 * Builds `.frontbell/mutation-tests.cjs`: the tests of the core and of the desk, which asks it everything, with the
 * code under test in one file, so that a planted fault costs a function call and no process. The random sequences are
 * few and always the same.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = process.cwd()
// Slow by design (real time, long histories, 50 000 values), and about the desk's doors more than about the core.
const slow = ['slow-log.test.ts', 'history.test.ts', 'hostile.test.ts']
// What mocha has not: files beside the test, and vitest's timers and mocks.
const needsVitest = /import\.meta|toMatchFileSnapshot|\bvi\b.* from 'vitest'/

// The first test that fails is the last that runs: those that take longest stand at the end.
const long = ['test/core/properties', 'test/core/model']
const tests = [testsIn('test/core'), testsIn('test/desk'), ...long.map(testsIn)].flat()

await build({
  stdin: { contents: tests.map((path) => `import './${path}'`).join('\n'), resolveDir: root },
  outfile: '.frontbell/mutation-tests.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  alias: { vitest: './test/mutation/mocha-adapter.ts' },
  define: {
    'process.env.FRONTBELL_RUNS': '"40"',
    'process.env.FRONTBELL_SEED': '"1"',
    'process.env.FRONTBELL_SHRINK': '"no"',
  },
  // Faults are planted as calls; what they replace may have been marked as free of side effects.
  ignoreAnnotations: true,
  banner: { js: '"use strict"' },
  logLevel: 'error',
})
console.info(`${tests.length} files of tests bundled`)

function testsIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.test.ts') && !slow.includes(name))
    .map((name) => `${folder}/${name}`)
    .filter((path) => !needsVitest.test(readFileSync(join(root, path), 'utf8')))
    .sort()
}
