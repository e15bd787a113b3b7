import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unsetFields } from './repository-checks/check-release'
import { root } from './repository-checks/source-file'

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const workflow = (name: string) => readFileSync(`${root}.github/workflows/${name}.yml`, 'utf8')

describe('the workflows of CI', () => {
  it('[PK50] run .ci/run on every promised version of Node, for main and for pull requests', () => {
    const text = workflow('ci')
    expect(text).toMatch(/node: \[20, 22, 24\]/)
    expect(text).toMatch(/^ +- run: \.ci\/run$/m)
    expect(text).toMatch(/^ {2}pull_request:$/m)
    expect(manifest.engines.node).toBe('>=20.19')
  })

  it('[PK50] call scripts that there are', () => {
    const called = ['ci', 'release'].flatMap((name) => [...workflow(name).matchAll(/npm run ([\w:-]+)/g)])
    expect(called.length).toBeGreaterThan(3)
    expect(called.map(([, script = '']) => script).filter((script) => !(script in manifest.scripts))).toEqual([])
  })

  it('[PK50] publish with provenance and without a token of a person', () => {
    expect(workflow('release')).toContain('npm publish --provenance')
    expect(workflow('release')).toContain('id-token: write')
    expect(workflow('release')).not.toMatch(/secrets\./)
  })
})

describe('the scripts of package.json', () => {
  it('[PK51] have the usual names, each leading to the script that does it', () => {
    const { dev, lint, typecheck } = manifest.scripts
    expect({ dev, lint, typecheck }).toEqual({
      dev: 'npm start',
      lint: 'npm run check:style',
      typecheck: 'npm run check:types',
    })
    expect(manifest.scripts['test:unit']).toMatch(/^vitest run/)
    expect(manifest.scripts.prepublishOnly).toBe('npm run check:release')
  })
})

describe('compose.yaml of the live desk', () => {
  const text = readFileSync(`${root}examples/cluster/compose.yaml`, 'utf8')

  it('[PK56] keeps entries in a volume, evicts none, and is reached from its own machine alone', () => {
    expect(text).toMatch(/redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction\n/)
    expect(text).toContain('- entries:/data')
    expect([...text.matchAll(/^ +- (\S+):8080$/gm)].map(([, address]) => address)).toEqual(['127.0.0.1:8080'])
  })

  it('[PK56] mounts files that there are, and starts a program that reads its settings', () => {
    const mounts = [...text.matchAll(/- \.\.\/\.\.\/(\S+?):\/source\/(\S+):ro/g)]
    expect(mounts.length).toBeGreaterThan(4)
    expect(mounts.filter(([, from = '', to]) => from !== to || !existsSync(root + from))).toEqual([])
    const started = readFileSync(`${root}examples/cluster/start.ts`, 'utf8')
    expect(text).toContain('node --import tsx examples/cluster/start.ts')
    for (const [, name] of text.matchAll(/^ {6}([A-Z_]+): /gm)) expect(started).toContain(`process.env.${name}`)
  })
})

describe('the check before a release', () => {
  const own = {
    author: 'Ana',
    homepage: 'https://ana.example',
    repository: { type: 'git', url: 'git+https://git.example/ana/desk.git' },
    bugs: { url: 'https://git.example/ana/desk/issues' },
  }

  it('[PK52] names each field that is missing, empty or a placeholder, and passes those of a publisher', () => {
    expect(unsetFields(own)).toEqual([])
    expect(unsetFields({ ...own, bugs: { url: 'https://repository.invalid/issues' } })).toEqual([
      "bugs: expected the publisher's own, got the placeholder https://repository.invalid/issues",
    ])
    expect(unsetFields({ ...own, author: ' ' })).toEqual(["author: expected the publisher's own, got nothing"])
    expect(unsetFields({})).toHaveLength(4)
  })

  it('[PK52] fails as a program exactly while package.json has something to set', () => {
    const run = () =>
      execFileSync(process.execPath, ['--import', 'tsx', 'test/repository-checks/check-release.ts'], {
        cwd: root,
        stdio: 'pipe',
      })
    if (unsetFields(manifest).length > 0) expect(run).toThrow(/package\.json: /)
    else expect(run).not.toThrow()
  })
})
