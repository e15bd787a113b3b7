import type { Desk } from 'frontbell'
import type { Logger } from 'pino'

/** Logs each command at a level by its outcome, unattended requests and errors. Returns an unsubscribe function. */
export function logToPino(desk: Desk, logger: Logger): () => void {
  const unsubscribes = [
    desk.on('command', (report) => {
      const level = report.outcome === 'failed' ? 'error' : report.outcome === 'invalid' ? 'warn' : 'info'
      logger[level](report, `${report.type} ${report.outcome}`)
    }),
    desk.on('request.unattended', ({ requestId, cause }) => logger.warn({ requestId, cause }, 'request unattended')),
    desk.on('error', (error) => logger.error({ err: error, code: error.code }, error.message)),
  ]
  return () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
}
