import type { Desk } from 'frontbell'
import type { Namespace } from 'socket.io'
import type { SupervisorFeed } from '../supervisor/supervisor-feed'
import type { ExplainedRequest } from '../supervisor/supervisor-protocol'
import type { WorkflowRepository } from '../supervisor/workflow-repository'

export interface SupervisorParts {
  readonly desk: Desk
  readonly floor: SupervisorFeed
  readonly workflows: WorkflowRepository
}

const sampleMs = 1_000
const tellMs = 400

/**
 * The supervisors' sockets. In this demo everybody may be one; a real host looks at its own session in `use` here.
 * Returns how to stop.
 */
export function serveSupervisors(supervisors: Namespace, { desk, floor, workflows }: SupervisorParts): () => void {
  const pages = new Set<() => void>()
  const tell = () => {
    for (const page of pages) page()
  }
  supervisors.on('connection', (socket) => {
    const read = floor.reader()
    let isTaken = true
    const page = () => {
      if (!isTaken) return
      isTaken = false
      socket.timeout(20_000).emit('floor', read(), () => {
        isTaken = true
      })
    }
    pages.add(page)
    page()
    socket.on('disconnect', () => pages.delete(page))
    socket.on(
      'explain',
      answering(([requestId]) => explained(desk, requestId)),
    )
    socket.on(
      'assign',
      answering(([requestId, staffId]) => assign(desk, requestId, staffId)),
    )
    socket.on(
      'workflows',
      answering(() => workflows.book()),
    )
    socket.on(
      'review',
      answering(([input]) => workflows.review(input)),
    )
    socket.on(
      'save',
      answering(([input, basedOn, reroute]) => save(input, { basedOn, reroute: reroute === true })),
    )
  })
  let isPlanned = false
  const plan = desk.on('event', () => {
    if (isPlanned) return
    isPlanned = true
    setTimeout(() => {
      isPlanned = false
      tell()
    }, tellMs).unref()
  })
  const sampling = setInterval(() => {
    floor.sample()
    tell()
  }, sampleMs)
  sampling.unref()
  return () => {
    plan()
    clearInterval(sampling)
  }

  async function save(input: unknown, how: { basedOn: unknown; reroute: boolean }) {
    const saved = await workflows.save(input, how)
    if (saved.ok) supervisors.emit('workflows.changed', saved.book.revision)
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
  if (typeof requestId !== 'string' || typeof staffId !== 'string') return 'Nobody was named.'
  const outcome = await desk.assign(requestId, staffId, { by: 'supervisor' })
  return outcome.ok ? null : outcome.message
}

/** Whatever comes as arguments, an answer goes back only where one was asked for; what fails is told as nothing. */
function answering(answer: (given: readonly unknown[]) => unknown): (...args: unknown[]) => Promise<void> {
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
