import type { IncomingMessage } from 'node:http'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Returns whether only programs of this machine reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host)
}

/**
 * Returns a check of the requests that open a socket. A page of another site may open a WebSocket to any server that
 * its browser reaches, so its origin has to be the server's own. Where the server listens on loopback its name has to
 * be one of loopback too: a name of the other site's that leads to 127.0.0.1 makes the origins equal. A program that is
 * no browser sends no origin.
 */
export function sameOriginCheck(host: string): (request: Pick<IncomingMessage, 'headers'>) => boolean {
  return ({ headers }) => {
    const own = urlOf(`http://${headers.host ?? ''}`)
    if (own === null || (isLoopback(host) && !isLoopback(own.hostname))) return false
    return headers.origin === undefined || urlOf(headers.origin)?.host === own.host
  }
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
