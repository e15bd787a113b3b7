import { createReadStream, existsSync, readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'

const typeOf: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const pageOf: Readonly<Record<string, string>> = {
  '/': '/index.html',
  '/staff': '/staff.html',
  '/supervisor': '/supervisor.html',
}

const headers = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; " +
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** Serves the files that `folder` contains now, from a list: no path of a request reaches the disk. */
export function serveFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = new Map(entries.map((name) => [`/${name.replaceAll('\\', '/')}`, `${folder}/${name}`]))
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split(/[?#]/)
    const isPage = !extname(path)
    const file = files.get(pageOf[path] ?? path)
    const served = file ?? (isPage ? files.get('/index.html') : undefined)
    if (served === undefined || !existsSync(served) || !['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(404, headers).end('Not found')
      return
    }
    const type = typeOf[extname(served)] ?? 'application/octet-stream'
    response.writeHead(200, { ...headers, 'content-type': type, 'cache-control': 'no-cache' })
    createReadStream(served).pipe(response)
  }
}
