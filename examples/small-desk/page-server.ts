import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Desk, InvalidInputError } from 'frontbell'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { TicketIssuer } from './tickets'

/** One page, its script and style, sign-in, and an entry point for visitors. */
export async function createPageServer(desk: Desk, tickets: TicketIssuer, page: string): Promise<Hono> {
  const [script = '', worker = ''] = await Promise.all([page, filePath('page/notifications.ts')].map(bundled))
  const [html, style] = await Promise.all(['page/page.html', 'page/page.css'].map(fileText))
  const site = new Hono()
  site.use(bodyLimit({ maxSize: 32 * 1_024 }))
  site.get('/', (context) => context.html(html ?? '', 200, headers))
  site.get('/page.js', (context) => context.body(script, 200, javascript))
  site.get('/notifications.js', (context) => context.body(worker, 200, javascript))
  site.get('/page.css', (context) => context.body(style ?? '', 200, { 'content-type': 'text/css; charset=utf-8' }))
  // A demo trusts the name in the request. A real host reads its own session here, and nothing else.
  site.post('/tickets', async (context) => {
    const { staffId } = await bodyOf(context)
    const isKnown = typeof staffId === 'string' && desk.staff(staffId) !== undefined
    return isKnown ? context.json({ ticket: tickets.issue(staffId) }) : context.json({ message: 'Who is that?' }, 403)
  })
  site.post('/ask', async (context) => {
    try {
      return context.json(await desk.requestChat((await bodyOf(context)) as never))
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      return context.json({ ok: false, message: error.message }, 400)
    }
  })
  return site
}

const javascript = { 'content-type': 'text/javascript; charset=utf-8' }
const headers = {
  'content-security-policy': "default-src 'self'; connect-src 'self' ws:; img-src 'self' data:",
  'x-content-type-options': 'nosniff',
}

async function bodyOf(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await context.req.json().catch(() => null)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

function fileText(name: string): Promise<string> {
  return readFile(filePath(name), 'utf8')
}

function filePath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]?.text ?? ''
}
