import type { Desk } from 'frontbell'
import type { Logger } from 'pino'

/** Writes one line for each command, louder the worse it ended, and one for each trouble. Returns the way out. */
export function logToPino(desk: Desk, logger: Logger): () => void {
  const ways = [
    desk.on('command', (notice) => {
      const level = notice.outcome === 'failed' ? 'error' : notice.outcome === 'invalid' ? 'warn' : 'info'
      logger[level](notice, `${notice.type} ${notice.outcome}`)
    }),
    desk.on('request.unattended', ({ requestId, cause }) => logger.warn({ requestId, cause }, 'request unattended')),
    desk.on('error', (error) => logger.error({ err: error, code: error.code }, error.message)),
  ]
  return () => {
    for (const leave of ways) leave()
  }
}
