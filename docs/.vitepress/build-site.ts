import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application } from 'typedoc'
import { build as bundle } from 'vite'
import { build } from 'vitepress'
import { playgroundConfig } from '../../examples/playground/vite-config'
import { layOutPages, rootPages } from './lay-out-pages'
import { llmsText } from './llms-text'
import { searchOfChunk, wordsWithoutGuide } from './search'

const root = fileURLToPath(new URL('../../', import.meta.url))
const site = `${root}.frontbell/site`
const outDir = `${root}.frontbell/docs`

// Lays the pages out, writes the reference of all entry points beside them, builds the playground, and then the site.
rmSync(site, { recursive: true, force: true })
const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'docs/*.md', ...Object.keys(rootPages)], {
  cwd: root,
  encoding: 'utf8',
})
const pages = layOutPages(
  paths
    .split('\n')
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') })),
)
for (const { path, text } of pages) {
  mkdirSync(dirname(`${site}/${path}`), { recursive: true })
  writeFileSync(`${site}/${path}`, text)
}
cpSync(`${root}docs/images`, `${site}/images`, { recursive: true })
cpSync(`${root}docs/images`, `${site}/public/images`, { recursive: true })
cpSync(`${root}examples/live-desk/pages/bell.svg`, `${site}/public/favicon.svg`)
writeFileSync(`${site}/public/llms.txt`, llmsText(pages))

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: ['src/index.ts', 'src/store/redis/index.ts', 'src/store/postgres/index.ts'].concat(
    ['core', 'portal', 'routing', 'host', 'testing', 'simulation'].map((layer) => `src/${layer}/index.ts`),
  ),
  tsconfig: `${root}tsconfig.json`,
  skipErrorChecking: true,
  excludeInternal: true,
  disableSources: true,
  readme: 'none',
  name: 'Names and types',
  entryFileName: 'index',
  logLevel: 'Error',
  outputs: [{ name: 'markdown', path: `${site}/api` }],
})
const project = await app.convert()
if (project === undefined) throw new Error('TypeDoc could not read the sources')

await app.generateOutputs(project)

await bundle({ ...playgroundConfig, build: { outDir: `${site}/public/playground`, emptyOutDir: true } })
for (const part of ['config.ts', 'search.ts', 'theme'])
  cpSync(`${root}docs/.vitepress/${part}`, `${site}/.vitepress/${part}`, { recursive: true })
const { homepage } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
if (!homepage.includes('.invalid')) process.env.FRONTBELL_HOMEPAGE = homepage.replace(/\/$/, '')
await build(site, { outDir })

const files = readdirSync(outDir, { recursive: true }).map(String)
const chunk = files.find((path) => /localSearchIndexroot.*\.js$/.test(path))
const missed = wordsWithoutGuide(searchOfChunk(readFileSync(`${outDir}/${chunk}`, 'utf8')))
if (missed.length > 0) throw new Error(`The search leads to no guide: ${missed.join('; ')}`)
console.log(`The site is in ${outDir}: ${files.filter((path) => path.endsWith('.html')).length} pages`)
