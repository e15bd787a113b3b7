import type { Desk } from 'frontbell'
import type { Namespace } from 'socket.io'
import { ReviewQueue } from '../supervisor/review-queue'
import type { SupervisorFeed } from '../supervisor/supervisor-feed'
import type { ExplainedRequest } from '../supervisor/supervisor-protocol'
import type { WorkflowRepository } from '../supervisor/workflow-repository'

export interface SupervisorParts {
  readonly desk: Desk
  readonly feed: SupervisorFeed
  readonly workflows: WorkflowRepository
}

const sampleMs = 1_000
const updateMs = 400

/**
 * The supervisors' sockets. In this demo every visitor may connect; a real host checks its own session in `use` here.
 * Returns a function that stops the updates.
 */
export function serveSupervisors(supervisors: Namespace, { desk, feed, workflows }: SupervisorParts): () => void {
  const senders = new Set<() => void>()
  const reviews = new ReviewQueue()
  const sendAll = () => {
    for (const send of senders) send()
  }
  supervisors.on('connection', (socket) => {
    const read = feed.reader()
    let isAcknowledged = true
    const send = () => {
      if (!isAcknowledged) return
      isAcknowledged = false
      socket.timeout(20_000).emit('update', read(), () => {
        isAcknowledged = true
      })
    }
    senders.add(send)
    send()
    socket.on('disconnect', () => senders.delete(send))
    socket.on(
      'explain',
      replyWith(([requestId]) => explained(desk, requestId)),
    )
    socket.on(
      'assign',
      replyWith(([requestId, staffId]) => assign(desk, requestId, staffId)),
    )
    socket.on(
      'workflows',
      replyWith(() => workflows.current()),
    )
    socket.on(
      'review',
      replyWith(([input]) => reviews.review(socket, () => workflows.review(input))),
    )
    socket.on(
      'save',
      replyWith(([input, basedOn, reroute]) => save(input, { basedOn, reroute: reroute === true })),
    )
  })
  let isUpdateScheduled = false
  const unsubscribe = desk.on('event', () => {
    if (isUpdateScheduled) return
    isUpdateScheduled = true
    setTimeout(() => {
      isUpdateScheduled = false
      sendAll()
    }, updateMs).unref()
  })
  const sampling = setInterval(() => {
    feed.sample()
    sendAll()
  }, sampleMs)
  sampling.unref()
  return () => {
    unsubscribe()
    clearInterval(sampling)
  }

  async function save(input: unknown, options: { basedOn: unknown; reroute: boolean }) {
    const saved = await workflows.save(input, options)
    if (saved.ok) supervisors.emit('workflows.changed', saved.current.revision)
    return saved
  }
}

function explained(desk: Desk, requestId: unknown): ExplainedRequest | null {
  if (typeof requestId !== 'string') return null
  const request = desk.request(requestId)
  const explanation = desk.explain(requestId)
  return request === undefined || explanation === undefined ? null : { request, explanation }
}

async function assign(desk: Desk, requestId: unknown, staffId: unknown): Promise<string | null> {
  if (typeof requestId !== 'string' || typeof staffId !== 'string') return 'No staff member was named.'
  const outcome = await desk.assign(requestId, staffId, { by: 'supervisor' })
  return outcome.ok ? null : outcome.message
}

/** Returns a listener that replies if the last argument is an acknowledgement; a failure replies `null`. */
function replyWith(answer: (given: readonly unknown[]) => unknown): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const reply = args.at(-1)
    if (typeof reply !== 'function') return
    try {
      reply(await answer(args.slice(0, -1)))
    } catch (error) {
      console.error(error)
      reply(null)
    }
  }
}
