import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { entryPoints as built } from '../tsup.config'
import { bundleSize } from './repository-checks/bundle-size'
import { checkLicences, readAudit } from './repository-checks/check-dependencies'
import { samplesOf } from './repository-checks/code-blocks'
import { deadLinks } from './repository-checks/links'
import { type Lockfile, missingOptionals, tiedToHost } from './repository-checks/lockfile'
import { outputOf, type PackedPackage, packedPackage } from './repository-checks/packed-package'
import { filesUnder, root } from './repository-checks/source-file'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const lockfile: Lockfile = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith('.json'))
const entryPoints = subpaths.map((subpath) => subpath.replace('.', 'frontbell'))
const entries = Object.entries(built)

/** Gzipped bytes; `own` is without packages. Decision 800 explains them. */
const sizesMax: Readonly<Record<string, { readonly whole: number; readonly own: number }>> = {
  frontbell: { whole: 117_200, own: 75_900 },
  'frontbell/core': { whole: 28_500, own: 28_500 },
  'frontbell/routing': { whole: 75_300, own: 36_400 },
  'frontbell/portal': { whole: 4_500, own: 4_500 },
}

/** Entry points that are not for a browser. */
const forNode = ['frontbell/host', 'frontbell/redis', 'frontbell/postgres', 'frontbell/testing', 'frontbell/simulation']

describe('package.json', () => {
  it('[X11] exports the entry points that are built, and builds those that exist', () => {
    const names = subpaths.map((subpath) => subpath.replace(/^\.\/?/, '') || 'index')
    expect(names).toEqual(entries.map(([name]) => name))
    expect(entries.filter(([, source]) => !existsSync(root + source))).toEqual([])
  })

  it('[X11] gives every entry point its types beside its code, for ESM and for CommonJS', () => {
    for (const [subpath, [name]] of subpaths.map((path, index) => [path, entries[index] ?? ['']] as const)) {
      const esm = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
      const cjs = { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` }
      expect(manifest.exports[subpath]).toEqual({ 'module-sync': esm, import: esm, require: cjs })
      expect(Object.keys(manifest.exports[subpath])[0]).toBe('module-sync')
    }
  })

  it('[X16] has a lockfile that holds every optional dependency and names no host', () => {
    expect(missingOptionals(lockfile)).toEqual([])
    expect(tiedToHost(lockfile)).toEqual([])
  })

  it('[X17] runs no script at installation and has three dependencies', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name))).toEqual([])
    expect(Object.keys(manifest.dependencies)).toEqual(['eventemitter3', 'json-rules-engine', 'zod'])
  })
})

describe('the check of dependencies', () => {
  it('[X41] allows the licences of all packages that a host installs, and refuses one that binds hosts', () => {
    expect(checkLicences(lockfile)).toEqual({ status: 'passed', details: [expect.stringMatching(/^\d+ packages$/)] })
    const added = (each: object) => ({ packages: { ...lockfile.packages, 'node_modules/x': each } })
    expect(checkLicences(added({ license: 'GPL-3.0' }))).toEqual({
      status: 'failed',
      details: ['node_modules/x: GPL-3.0'],
    })
    expect(checkLicences(added({ license: 'GPL-3.0', dev: true })).status).toBe('passed')
    expect(checkLicences(added({})).status).toBe('not checked')
  })

  it('[X41] fails on a known weakness, and says that it has not checked where the registry does not answer', () => {
    const report = (vulnerabilities: object) => readAudit(JSON.stringify({ metadata: { vulnerabilities } }))
    expect(report({ info: 1, low: 0, high: 0, total: 1 })).toEqual({ status: 'passed', details: [] })
    expect(report({ low: 1, critical: 2, total: 3 })).toEqual({ status: 'failed', details: ['1 low', '2 critical'] })
    const refused = { message: '405 Method Not Allowed', statusCode: 405 }
    expect(readAudit(JSON.stringify(refused))).toEqual({ status: 'not checked', details: [refused.message] })
    expect(['', 'null', '[]', '<html>'].map((text) => readAudit(text).status)).toEqual(Array(4).fill('not checked'))
  })
})

describe('the packed package', () => {
  let packed: PackedPackage

  beforeAll(async () => {
    packed = await packedPackage()
    for (const name of ['fast-check', 'typescript'])
      symlinkSync(`${root}node_modules/${name}`, `${packed.project}/node_modules/${name}`)
  }, 900_000)
  afterAll(() => packed?.remove())

  it('[X12] exports the same classes and functions whether imported or required, at every entry point', async () => {
    const output = await outputOf(packed.project, process.execPath, ['every-entry-point.mjs', ...entryPoints])
    expect(output.trim().split('\n')).toEqual(entryPoints.map((entryPoint) => `${entryPoint}: open`))
  })

  it('[X13] runs where everything is required', async () => {
    expect(await outputOf(packed.project, process.execPath, ['required.cjs'])).toBe('rings for ana\n')
  })

  it('[X13] runs the first example of README.md as it stands', async () => {
    const [example] = filesUnder('.', ['README.md'])
      .filter(({ path }) => path === './README.md')
      .flatMap(samplesOf)
    writeFileSync(`${packed.project}/example.mjs`, example?.code ?? '')
    expect(await outputOf(packed.project, process.execPath, ['example.mjs'])).toBe(example?.prints)
  })

  it('[CLI15] installs a program that runs', async () => {
    const program = `${packed.project}/node_modules/.bin/frontbell`
    expect(await outputOf(packed.project, program, ['--version'])).toBe(`${manifest.version}\n`)
    const rules = `${root}examples/live-desk/workflows.json`
    expect(await outputOf(packed.project, program, ['check', rules])).toBe('no problems in 20 workflows\n')
    expect(await outputOf(packed.project, program, ['demo'])).toContain('cleo has the chat')
    writeFileSync(`${packed.project}/arrivals.csv`, 'at;note\n2026-11-23T09:00:00Z;"two\nlines"\n')
    const scenario = {
      ...{ from: '2026-11-23T08:00:00Z', forHours: 4, staff: [{ id: 'ana' }], arrivals: { file: 'arrivals.csv' } },
      behaviour: { handling: { distribution: 'fixed', ms: 60_000 } },
    }
    writeFileSync(`${packed.project}/scenario.json`, JSON.stringify(scenario))
    expect(await outputOf(packed.project, program, ['simulate', 'scenario.json'])).toMatch(/^requests +1$/m)
    expect(readFileSync(`${packed.built}/dist/simulation.js`, 'utf8')).not.toMatch(/from ?['"]csv-parse/)
  })

  it.each([
    ['node16', 'node16'],
    ['preserve', 'bundler'],
  ])('[X14] has types that module %s and resolution %s find, libraries checked', async (module, moduleResolution) => {
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--skipLibCheck', 'false']
    const types = ['--module', module, '--moduleResolution', moduleResolution]
    const files = moduleResolution === 'bundler' ? ['typed.mts'] : ['typed.mts', 'typed.cts']
    expect(await outputOf(packed.project, 'node_modules/typescript/bin/tsc', [...options, ...types, ...files])).toBe('')
  })

  it('[X14] passes publint and "are the types wrong?"', async () => {
    expect(
      await outputOf(packed.built, `${root}node_modules/.bin/publint`, ['run', '--strict', '--pack', 'false', '.']),
    ).toContain('All good')
    const wrong = await outputOf(packed.built, `${root}node_modules/.bin/attw`, [
      packed.tarball,
      '--profile',
      'node16',
      '-f',
      'json',
    ])
    const problems = Object.values<{ resolutionKind?: string }[]>(JSON.parse(wrong).problems ?? {}).flat()
    expect(problems.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([])
  })

  it('[X15] keeps its entry points small, and brings nothing of Node to a browser', async () => {
    for (const entryPoint of entryPoints.filter((name) => !forNode.includes(name))) {
      const { whole, own, code } = await bundleSize(packed.project, entryPoint)
      console.log(`${entryPoint}: ${whole} bytes gzipped, ${own} of its own`)
      expect.soft(whole, `${entryPoint} with its packages`).toBeLessThanOrEqual(sizesMax[entryPoint]?.whole ?? 0)
      expect.soft(own, `${entryPoint} alone`).toBeLessThanOrEqual(sizesMax[entryPoint]?.own ?? 0)
      expect(own).toBeGreaterThan(500)
      expect(code).not.toContain('CSV_QUOTE_NOT_CLOSED')
    }
  })

  it.each([
    ['imported', "import('frontbell')"],
    ['required', "Promise.resolve(require('frontbell'))"],
  ])('[PK53] leads a stack trace to its sources when %s', async (_, loaded) => {
    const program = `${loaded}.then(({ openDesk }) => openDesk({ staff: 5 })).catch(({ stack }) => console.log(stack))`
    const stack = await outputOf(packed.project, process.execPath, ['--enable-source-maps', '-e', program])
    const frames = [...stack.matchAll(/\(?(\/\S+\/node_modules\/frontbell\/\S+?):(\d+):\d+\)?/g)]
    expect(frames.length, stack).toBeGreaterThan(1)
    for (const [, path = '', line] of frames) {
      expect(path).toMatch(/\/frontbell\/src\/.+\.ts$/)
      expect(readFileSync(path, 'utf8').split('\n').length).toBeGreaterThanOrEqual(Number(line))
    }
  })

  it('[PK54] leads every link of its pages to a file of its own, and names them all in llms.txt', () => {
    const folder = `${packed.project}/node_modules/frontbell/`
    const names = readdirSync(folder, { recursive: true }).map(String)
    const pages = names.filter((name) => name.endsWith('.md') && statSync(folder + name).isFile())
    const read = (path: string) => ({ path, text: readFileSync(folder + path, 'utf8') })
    expect(pages).toContain('docs/quick-start.md')
    expect(deadLinks(pages.map(read), (path) => existsSync(folder + path))).toEqual([])
    const listed = [...read('llms.txt').text.matchAll(/^- \[[^\]]+\]\(([^)]+)\): .{10}/gm)].map(([, path]) => path)
    expect(listed.toSorted()).toEqual(
      pages
        .filter((path) => /^docs\//.test(path) || /^[A-Z_]+\.md$/.test(path))
        .filter((path) => path !== 'README.md')
        .toSorted(),
    )
  })

  it('[PK55] holds a skill for coding agents, with a name and a description', () => {
    const skill = readFileSync(`${packed.project}/node_modules/frontbell/skills/frontbell/SKILL.md`, 'utf8')
    expect(skill).toMatch(/^---\nname: frontbell\ndescription: .{50,}\n---\n/)
  })

  it('[X18] shows no type of zod in a declaration', () => {
    const names = readdirSync(`${packed.built}/dist`).filter((name) => /\.d\.c?ts$/.test(name))
    expect(names.length).toBeGreaterThan(entryPoints.length)
    expect(names.filter((name) => /['"]zod/.test(readFileSync(`${packed.built}/dist/${name}`, 'utf8')))).toEqual([])
  })
})

describe('the check of the lockfile', () => {
  it('finds missing packages and packages tied to a host', () => {
    const packages = {
      '': { optionalDependencies: { a: '1' } },
      'node_modules/b': {
        optionalDependencies: { here: '1', nested: '1', gone: '1' },
        resolved: 'https://example.org/b.tgz',
      },
      'node_modules/here': {},
      'node_modules/b/node_modules/nested': {},
    }
    expect(missingOptionals({ packages })).toEqual(['the package itself wants a', 'node_modules/b wants gone'])
    expect(tiedToHost({ packages })).toEqual(['node_modules/b: https://example.org/b.tgz'])
  })
})
