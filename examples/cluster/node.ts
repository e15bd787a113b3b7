import { redisStore } from 'frontbell/redis'
import { Redis } from 'ioredis'
import { startLiveDesk } from '../live-desk/live-desk'
import { SharedTranscripts } from './shared-transcripts'

/** One of several processes with the same desk: `tsx node.ts <redis url> <folder of the pages>`. */
const [, , url = '', outDir = ''] = process.argv
const client = new Redis(url, { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: false })
client.on('error', (error) => console.error(`node ${process.pid}: ${error.message}`))

const book = await SharedTranscripts.open(client, `${process.pid}`)
const store = redisStore({ client, desk: 'live', durability: 'memory' })
const shared = { store, book, hear: (listener: (requestId: string) => void) => book.onLineWritten(listener) }
const live = await startLiveDesk({ port: 0, outDir, isBuilt: true, shared })
live.desk.on('node.stale', ({ error }) => console.error(`node ${process.pid} is stale: ${error.message}`))
live.desk.on('node.recovered', () => console.error(`node ${process.pid} is current again`))
process.send?.({ port: Number(new URL(live.url).port) })

async function leave(): Promise<never> {
  book.close()
  await live.close()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, leave)
