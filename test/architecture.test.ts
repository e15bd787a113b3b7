import { describe, expect, it, vi } from 'vitest'
import { crowdedFolders } from './repository-checks/folders'
import { codeFromText, impureCode } from './repository-checks/forbidden-code'
import { importCycles } from './repository-checks/import-cycles'
import { layerViolations, unknownLayers } from './repository-checks/layers'
import { filesUnder, type SourceFile } from './repository-checks/source-file'
import { namelessExports, oversized, vaguelyNamedFiles } from './repository-checks/style'
import { testTitles } from './repository-checks/test-titles'

// Each check parses all files.
vi.setConfig({ testTimeout: 120_000 })

const src = filesUnder('src')
const everything = ['src', 'test', 'examples', 'bench'].flatMap((folder) => filesUnder(folder))
const core = src.filter(({ path }) => path.startsWith('src/core/'))

describe('the architecture', () => {
  it('has files to look at', () => {
    expect(core.length).toBeGreaterThan(20)
    expect(everything.length).toBeGreaterThan(src.length)
  })

  it('[X1] imports a layer only through its index.ts and from above, and each layer only the packages it may use', () => {
    expect(unknownLayers(src)).toEqual([])
    expect(layerViolations(src)).toEqual([])
  })

  it('[X2] has no cycle of files that import each other, type imports counted', () => {
    expect(importCycles(src)).toEqual([])
  })

  it('[X3] keeps time, chance and waiting out of the core', () => {
    expect(impureCode(core)).toEqual([])
  })

  it('[X35] names the state only in the layers that run the core, and in no declaration for hosts', () => {
    const running = /^src\/(core|desk|simulation|testing)\//
    const readers = src.filter(({ path, text }) => !running.test(path) && /\bDeskState\b/.test(text))
    expect(readers.map(({ path }) => path)).toEqual([])
    const declarations = filesUnder('docs/api', ['index.txt', 'host.txt', 'portal.txt'])
    expect(declarations.filter(({ text }) => /\bDeskState\b/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('[X4] keeps every file under 301 lines and every line under 121 columns', () => {
    expect(oversized(everything)).toEqual([])
  })

  it('[X5] has no file whose name says nothing of what it holds', () => {
    expect(vaguelyNamedFiles(everything)).toEqual([])
  })

  it('[X34] holds at most 245 files in src, and at most 15 in a folder beside its subfolders', () => {
    expect(crowdedFolders(src)).toEqual([])
  })

  it('[X6] exports by name', () => {
    expect(namelessExports(everything.filter(({ path }) => !path.endsWith('.config.ts')))).toEqual([])
  })

  it('[X23] makes no code from text', () => {
    expect(codeFromText(src)).toEqual([])
  })

  it('says in test names what is, not what ought to be', () => {
    const wishes = testTitles(filesUnder('test')).filter(({ text }) =>
      /\b(should|works|correctly|properly)\b/i.test(text),
    )
    expect(wishes).toEqual([])
  })
})

describe('the checks themselves', () => {
  it('find an import that bypasses an entry point, leads up or across, names a missing file or a foreign package', () => {
    const found = layerViolations([
      file('src/core/decide.ts', "import { route } from '../routing'\nimport fs from 'node:fs'"),
      file('src/core/index.ts', "export { a } from './nowhere'"),
      file(
        'src/portal/portal.ts',
        "import { decide } from '../core'\nimport type { Edge } from '../core'\nimport React from 'react'",
      ),
      file('src/routing/index.ts', "import { Engine } from 'json-rules-engine'\nimport { portal } from '../portal'"),
      file('src/portal/index.ts', ''),
      file(
        'src/desk/desk.ts',
        "import { decide } from '../core/decide'\nimport { Engine } from 'json-rules-engine'\nimport 'eventemitter3'",
      ),
      file(
        'src/store/memory-store.ts',
        "import { E } from 'eventemitter3'\nimport { script } from './redis/scripts'\nimport { log } from './redis'",
      ),
      file('src/store/redis/scripts.ts', "import type { EventStore } from '../memory-store'"),
      file('src/store/redis/index.ts', ''),
      file(
        'src/index.ts',
        "export { decide } from './core'\nexport { deep } from './core/decide'\nexport type Z = import('zod').infer",
      ),
    ])
    expect(found).toEqual([
      "src/core/decide.ts:1: '../routing' leads up from core to routing",
      "src/core/decide.ts:2: 'node:fs' is a package that core may not import",
      "src/core/index.ts:1: './nowhere' is no file of src",
      "src/portal/portal.ts:1: '../core' imports more than types into portal",
      "src/portal/portal.ts:3: 'react' is a package that portal may not import",
      "src/routing/index.ts:2: '../portal' leads up from routing to portal",
      "src/desk/desk.ts:1: '../core/decide' bypasses the index.ts of core",
      "src/desk/desk.ts:2: 'json-rules-engine' is a package that desk may not import",
      "src/store/memory-store.ts:1: 'eventemitter3' is a package that store may not import",
      "src/store/memory-store.ts:2: './redis/scripts' bypasses the index.ts of src/store/redis",
      "src/index.ts:2: './core/decide' bypasses the index.ts of core",
      "src/index.ts:3: 'zod' is a package that the root may not import",
    ])
    expect(unknownLayers([file('src/cellar/wine.ts', '')])).toEqual(['src/cellar'])
  })

  it('find a cycle of imports, through types and dynamic imports too, and report it once', () => {
    const cycles = importCycles([
      file('src/core/a.ts', "import type { B } from './b'"),
      file('src/core/b.ts', "export { c } from './c'"),
      file('src/core/c.ts', "const a = () => import('./a')"),
      file('src/core/d.ts', "import { a } from './a'"),
      file('src/core/self.ts', "import { self } from './self'"),
    ])
    expect(cycles).toEqual([
      'src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts',
      'src/core/self.ts -> src/core/self.ts',
    ])
    expect(importCycles([file('src/a.ts', "import './b'"), file('src/b.ts', '')])).toEqual([])
  })

  it('find a tree and a folder with too many files', () => {
    const many = (folder: string, count: number) =>
      Array.from({ length: count }, (_, index) => file(`${folder}/${index}.ts`, ''))
    expect(crowdedFolders([...many('src/a', 15), ...many('src/a/b', 16)])).toEqual(['src/a/b: 16 files, at most 15'])
    const folders = Array.from({ length: 17 }, (_, index) => `src/${index}`)
    expect(crowdedFolders(folders.flatMap((folder) => many(folder, 15)))).toEqual(['255 files, at most 245'])
  })

  it('see a clock, chance and waiting in code, and let comments and texts name them', () => {
    const text = [
      "// Date and setTimeout are forbidden here, as is 'await'",
      "const text = 'no Promise, no async' + `Math.random`",
      'const now = Date.now()',
      'const drawn = Math.random() + Math.max(1, 2)',
      'async function wait(): Promise<void> { await 0 }',
      'setTimeout(wait, 5)',
    ].join('\n')
    const words = ['3: Date', '4: Math.random', '5: async', '5: Promise', '5: await', '6: setTimeout']
    expect(impureCode([file('src/core/x.ts', text)])).toEqual(words.map((word) => `src/core/x.ts:${word}`))
  })

  it('see text that becomes code, and let a pattern be written', () => {
    const text = "const a = /b+/\nnew RegExp(input)\nRegExp('x')\nnew Function('return 1')()\neval('1')"
    const found = ['2: RegExp', '3: RegExp', '4: Function', '5: eval'].map((word) => `src/a.ts:${word}`)
    expect(codeFromText([file('src/a.ts', text)])).toEqual(found)
  })

  it('find a file too long, a line too wide, a vague name and exports without names', () => {
    expect(oversized([file('a.ts', `${'x\n'.repeat(300)}`), file('b.ts', 'x\n'.repeat(301))])).toEqual([
      'b.ts: 301 lines, at most 300',
    ])
    expect(oversized([file('a.ts', `${'y'.repeat(120)}\n${'x'.repeat(121)}`)])).toEqual([
      'a.ts:2: 121 columns, at most 120',
    ])
    expect(oversized([file('a.ts', `html\`\n${'<p>'.repeat(50)}\n\``)])).toEqual([])
    expect(oversized([file('a.ts', `it('${'a '.repeat(60)}', () => {`)])).toEqual([])
    const paths = [
      'src/core/types.ts',
      'src/desk/utils.ts',
      'src/common/a.ts',
      'src/core/model/route.ts',
      'a/helpers/b.ts',
    ]
    expect(vaguelyNamedFiles(paths.map((path) => file(path, '')))).toEqual([paths[0], paths[1], paths[2], paths[4]])
    const nameless = ["export * from './a'", "export * as b from './b'", 'export default 1', 'export { a as default }']
    const text = [...nameless, 'export default class F {}'].join('\n')
    expect(namelessExports([file('a.ts', text)])).toHaveLength(5)
    expect(namelessExports([file('a.ts', "export { a } from './a'\nswitch (a) { default: }")])).toEqual([])
  })
})

function file(path: string, text: string): SourceFile {
  return { path, text }
}
