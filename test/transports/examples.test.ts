import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { siteOf } from '../../examples/small-desk/site'
import { createPortal } from '../../src/portal'
import { filesUnder, root } from '../repository-checks/source-file'
import { waitUntil } from './served-example'
import { transports } from './transports'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

describe.each(transports)('examples/$folder', ({ folder, connect }) => {
  it('[V34] runs from the command line, is killed, and restarts for the pages that are still open', async () => {
    const first = await run(folder, 0)
    const portal = createPortal('bo')
    const disconnect = connect(portal, siteOf(first.url, 'bo'))
    const view = portal.getSnapshot
    await waitUntil(() => view().connection === 'live')
    await requestChat(first.url, 'billing')
    await waitUntil(() => view().bell === 'ringing')
    expect(view().tone).toBe('visitor')
    first.child.kill('SIGKILL')
    await waitUntil(() => view().connection === 'reconnecting')
    expect(view()).toMatchObject({ bell: 'silent', awaiting: [{ request: { facts: { topic: 'billing' } } }] })
    const second = await run(folder, Number(new URL(first.url).port))
    await waitUntil(() => view().connection === 'live')
    expect(view()).toMatchObject({ bell: 'silent', awaiting: [] })
    await requestChat(second.url, 'server')
    await waitUntil(() => view().bell === 'ringing')
    expect(await portal.execute({ type: 'accept', requestId: view().ringing[0]?.requestId ?? '' })).toMatchObject({
      ok: true,
    })
    disconnect()
  })

  it('[V34] serves one page that runs as a module, and answers a malformed request readably', async () => {
    const { url } = await run(folder, 0)
    const [page, script, style] = await Promise.all(['/', '/page.js', '/page.css'].map((path) => fetch(url + path)))
    expect(await page?.text()).toContain('<script type="module" src="/page.js">')
    expect(await script?.text()).toContain('/tickets')
    expect(await style?.text()).toContain('prefers-reduced-motion')
    const broken = await fetch(`${url}/ask`, { method: 'POST', body: '{"visitorId": 7}' })
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ message: expect.stringMatching(/^visitorId: expected text/) })
    const tooLong = await fetch(`${url}/ask`, { method: 'POST', body: 'x'.repeat(40_000) })
    expect(tooLong.status).toBe(413)
  })

  it('[V35] has at most 120 lines', () => {
    const lines = filesUnder(`examples/${folder}`).flatMap(({ text }) => text.trimEnd().split('\n'))
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.length).toBeLessThanOrEqual(120)
  })
})

async function run(folder: string, port: number): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${folder}/server.ts`, '--port', `${port}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [output] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  const [url] = /http:\S+/.exec(String(output)) ?? []
  if (url === undefined) throw new Error(`examples/${folder}: expected its address, got ${output}`)
  return { url, child }
}

async function requestChat(url: string, topic: string): Promise<void> {
  await fetch(`${url}/ask`, { method: 'POST', body: JSON.stringify({ visitorId: `v-${topic}`, facts: { topic } }) })
}
