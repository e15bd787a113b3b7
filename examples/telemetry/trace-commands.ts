import { SpanStatusCode, type Tracer } from '@opentelemetry/api'
import type { Desk } from 'frontbell'

/** Creates a span for each command, with its outcome. Returns an unsubscribe function. */
export function traceCommands(desk: Desk, tracer: Tracer): () => void {
  return desk.on('command', ({ type, outcome, code, requestId, durationMs, version }) => {
    const endedMs = performance.timeOrigin + performance.now()
    const attributes = {
      'frontbell.outcome': outcome,
      'frontbell.version': version,
      ...(code === null ? {} : { 'frontbell.code': code }),
      ...(requestId === null ? {} : { 'frontbell.request_id': requestId }),
    }
    const span = tracer.startSpan(`frontbell ${type}`, { startTime: endedMs - durationMs, attributes })
    if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR, message: String(code) })
    span.end(endedMs)
  })
}
