import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveFiles } from '../../examples/live-desk/serve-files'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('the pages of the live desk', () => {
  let folder: string
  let server: Server

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'frontbell-pages-'))
    for (const name of ['index.html', 'staff.html', 'app.js']) writeFileSync(join(folder, name), name)
    server = createServer(serveFiles(folder))
    await new Promise<void>((listening) => server.listen(0, listening))
  })
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['/', 'index.html'],
    ['/staff?as=ana', 'staff.html'],
    ['/any/page/of/the/shop', 'index.html'],
    ['/app.js?v=1', 'app.js'],
  ])('are served under %s', async (path, text) => {
    expect(await get(path)).toEqual({ status: '200', text })
  })

  it.each(['/missing.js', '/../app.js', '/%2e%2e/app.js', '/staff.html/app.js'])(
    'are not found under %s',
    async (path) => {
      expect(await get(path)).toEqual({ status: '404', text: 'Not found' })
    },
  )

  it.each(['//', '///', '//:x', 'http://[', '*', '?', '/%'])('survive a request for "%s"', async (path) => {
    expect(['200', '400', '404']).toContain((await get(path)).status)
    expect((await get('/')).status).toBe('200')
  })

  it('may not be framed, nor have their base or the target of their forms moved to another site', async () => {
    const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/staff`)
    const directives = headers.get('content-security-policy')?.split('; ')
    expect(directives).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]),
    )
  })

  /** Sends the path unchanged: an HTTP client would normalize it. */
  function get(path: string): Promise<{ readonly status: string | undefined; readonly text: string | undefined }> {
    return new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      let answer = ''
      socket.setEncoding('utf8')
      socket.on('data', (text: string) => {
        answer += text
      })
      socket.on('error', reject)
      socket.on('close', () => {
        const [head = '', body = ''] = answer.split('\r\n\r\n')
        const [, status] = /^HTTP\/1.1 (\d+)/.exec(head) ?? []
        resolve({ status, text: /chunked/.test(head) ? body.split('\r\n')[1] : body })
      })
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    })
  }
})
