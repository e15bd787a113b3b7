import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { defaultPolicy } from '../src'
import { codeBlocks, type Sample, samplesOf } from './repository-checks/code-blocks'
import { deadLinks, orphans } from './repository-checks/links'
import { filesUnder, root, type SourceFile } from './repository-checks/source-file'
import { typeErrors } from './repository-checks/type-errors'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const pages = [
  ...filesUnder('.', ['.md']).filter(({ path }) => /^\.\/[A-Z_]+\.md$/.test(path)),
  ...filesUnder('docs', ['.md']),
  ...filesUnder('skills', ['.md']),
].map((page) => ({ ...page, path: page.path.replace(/^\.\//, '') }))
const samples = pages.flatMap(samplesOf)
const workshop = `.frontbell/docs-${process.pid}`

describe('the documentation', () => {
  it('[X8] compiles in every block of TypeScript', () => {
    expect(samples.length).toBeGreaterThan(0)
    expect(typeErrors(samples.map(fileOf))).toEqual([])
  })

  it('[X8] parses in every block of JSON', () => {
    const blocks = pages.flatMap(codeBlocks).filter(({ language }) => language === 'json')
    expect(blocks.flatMap(({ page, line, code }) => (parses(code) ? [] : [`${page}:${line}`]))).toEqual([])
  })

  describe('[X9] prints what stands beneath a block that runs', () => {
    afterAll(() => rm(root + workshop, { recursive: true, force: true }))

    it.each(
      samples.filter(({ prints }) => prints !== undefined).map((sample) => [`${sample.page}:${sample.line}`, sample]),
    )('%s', async (_, sample) => {
      const output = await outputOf(sample)
      expect(output.trim()).not.toBe('')
      expect(output.trimEnd()).toBe(sample.prints?.trimEnd())
    })

    it('is seen at least in README.md', () => {
      expect(samples.some(({ page, prints }) => page === 'README.md' && prints !== undefined)).toBe(true)
    })
  })

  it('[X10] leads every relative link to a file, and every anchor to a heading', () => {
    expect(deadLinks(pages, (path) => existsSync(root + path))).toEqual([])
  })

  it('[PK54] leads every relative link to a file of the package', () => {
    const { files } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    const parts = [...files, 'README.md', 'LICENSE', 'package.json'].filter((part: string) => !part.startsWith('!'))
    const isShipped = (path: string) => parts.some((part) => path === part || path.startsWith(`${part}/`))
    expect(deadLinks(pages, (path) => existsSync(root + path) && isShipped(path))).toEqual([])
  })

  it('[X22] leads to every page from another one', () => {
    expect(orphans(pages)).toEqual([])
  })

  it('[X20] gives the default of every policy as the code has it', () => {
    const page = pages.find(({ path }) => path === 'docs/reference/policy.md')?.text ?? ''
    const rows = [...page.matchAll(/^\| `(\w+)` \| `('?[\w_]+'?)` \|/gm)]
    expect(
      Object.fromEntries(
        rows.map(([, name, value = '']) => [name, JSON.parse(value.replaceAll('_', '').replaceAll("'", '"'))]),
      ),
    ).toEqual(defaultPolicy)
  })

  it('shows a first example of at most 25 lines', () => {
    const [first] = samples.filter(({ page }) => page === 'README.md')
    expect(first?.code.trimEnd().split('\n').length).toBeLessThanOrEqual(25)
  })
})

describe('the checks of the documentation', () => {
  const page: SourceFile = {
    path: 'docs/page.md',
    text: [
      ...[
        '# A page: its *name*',
        'See [a](other.md), [b](#a-page-its-name), [c](gone.md), [d](#gone), <img src="p.png">.',
      ],
      ...['```ts', 'const a: number = 1', '```', 'and then [e](https://example.org)', '```ts continued run'],
      ...[
        "console.log(a, '[f](gone2.md)')",
        '```',
        '```text',
        '1 [f](gone2.md)',
        '```',
        '```ts',
        "const b: number = 'b'",
        '```',
      ],
    ].join('\n'),
  }

  it('tell programs apart, join what is continued and know what is printed', () => {
    const [first, joined, wrong] = samplesOf(page)
    expect(first).toEqual({ page: 'docs/page.md', line: 3, code: 'const a: number = 1\n', prints: undefined })
    expect(joined?.code).toBe("const a: number = 1\nconsole.log(a, '[f](gone2.md)')\n")
    expect(joined?.prints).toBe('1 [f](gone2.md)\n')
    expect(wrong?.line).toBe(13)
  })

  it('see a type error and where it is', () => {
    const [, , wrong] = samplesOf(page)
    expect(typeErrors(wrong === undefined ? [] : [fileOf(wrong)])).toEqual([
      "docs/page.md.13.ts:1: Type 'string' is not assignable to type 'number'.",
    ])
  })

  it('see a link to nowhere, and let links in code alone', () => {
    expect(deadLinks([page], (path) => ['docs/page.md', 'docs/other.md'].includes(path))).toEqual([
      'docs/page.md: gone.md leads to no file',
      'docs/page.md: #gone leads to no heading',
      'docs/page.md: p.png leads to no file',
    ])
    expect(orphans([page, { path: 'docs/other.md', text: '[page](page.md) [self](other.md)' }])).toEqual([])
    expect(orphans([page, { path: 'docs/third.md', text: '[self](third.md)' }])).toEqual([
      'docs/page.md',
      'docs/third.md',
    ])
  })
})

function fileOf({ page, line, code }: Sample): SourceFile {
  return { path: `${page}.${line}.ts`, text: `${code}\nexport {}\n` }
}

function parses(code: string): boolean {
  try {
    JSON.parse(code)
    return true
  } catch {
    return false
  }
}

async function outputOf({ page, line, code }: Sample): Promise<string> {
  const path = `${root}${workshop}/${page.replaceAll('/', '-')}.${line}.ts`
  await mkdir(root + workshop, { recursive: true })
  await writeFile(path, code)
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
    cwd: root,
    timeout: 60_000,
  })
  return stdout
}
