import { redisLog } from 'frontbell/redis'
import { Redis } from 'ioredis'
import { startLiveDesk } from '../live-desk/live-desk'
import { SharedChatBook } from './shared-chat-book'

/** One of several processes with the same desk: `tsx node.ts <redis url> <folder of the pages>`. */
const [, , url = '', outDir = ''] = process.argv
const client = new Redis(url, { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: false })
client.on('error', (error) => console.error(`node ${process.pid}: ${error.message}`))

const book = await SharedChatBook.open(client, `${process.pid}`)
const log = redisLog({ client, desk: 'live', durability: 'memory' })
const shared = { log, book, hear: (listener: (requestId: string) => void) => book.hear(listener) }
const live = await startLiveDesk({ port: 0, outDir, isBuilt: true, shared })
live.desk.on('desk.stale', ({ error }) => console.error(`node ${process.pid} is stale: ${error.message}`))
live.desk.on('desk.current', () => console.error(`node ${process.pid} is current again`))
process.send?.({ port: Number(new URL(live.url).port) })

async function leave(): Promise<never> {
  book.close()
  await live.close()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, leave)
