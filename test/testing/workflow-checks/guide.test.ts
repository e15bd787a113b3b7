import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { codeBlocks } from '../../repository-checks/code-blocks'
import { filesUnder, root } from '../../repository-checks/source-file'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const run = promisify(execFile)
const page = filesUnder('docs', ['/test-your-workflows.md'])
const blocks = page.flatMap(codeBlocks)

/** The block of the guide with this mark, as a file of its own. */
function written(folder: string, mark: string): string {
  const block = blocks.find(({ marks }) => marks.includes(mark))
  const file = join(folder, `${mark}.test.ts`)
  writeFileSync(file, block?.code ?? '')
  return file
}

describe('[TK10] the guide to testing workflows', () => {
  let folder = ''

  beforeAll(() => {
    mkdirSync(join(root, '.frontbell'), { recursive: true })
    folder = mkdtempSync(join(root, '.frontbell', 'guide-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has an example that passes in node:test', async () => {
    const file = written(folder, 'node-test')
    const { stdout } = await run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=tap', file], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '' },
    })
    expect(stdout).toMatch(/^# pass 2$/m)
    expect(stdout).toMatch(/^# fail 0$/m)
  })

  it('has an example that passes in vitest', async () => {
    written(folder, 'vitest')
    const config = join(folder, 'vitest.config.mts')
    const text = [
      "import base from '../../vitest.config'",
      "export default { ...base, test: { include: ['vitest.test.ts'], testTimeout: 300_000 } }",
    ]
    writeFileSync(config, text.join('\n'))
    const vitest = `${root}node_modules/vitest/vitest.mjs`
    const words = [vitest, 'run', '--config', config, '--root', folder, '--reporter=json']
    const { stdout } = await run(process.execPath, words, { cwd: root })
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
  })
})
