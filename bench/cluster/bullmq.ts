import { Queue, Worker } from 'bullmq'

/** Returns the number of jobs a second that are added, processed and completed, with `inFlight` at once. */
export async function bullmqLifecycles(url: string, count: number, inFlight: number): Promise<number> {
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port), maxRetriesPerRequest: null }
  const name = `bench-${Math.random()}`
  const queue = new Queue(name, { connection })
  const worker = new Worker(name, async () => 'done', { connection, concurrency: inFlight })
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()])
  const pending = new Map<string, () => void>()
  worker.on('completed', ({ data }) => pending.get(data.key)?.())
  let next = 0
  const startedAt = performance.now()
  const one = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const key = `${index}`
      const completed = new Promise<void>((resolve) => pending.set(key, resolve))
      await queue.add('chat', { key }, { removeOnComplete: true })
      await completed
      pending.delete(key)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const rate = (count * 1_000) / (performance.now() - startedAt)
  await Promise.all([worker.close(), queue.close()])
  return rate
}
