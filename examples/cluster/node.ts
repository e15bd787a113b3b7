import { redisStore } from 'frontbell/redis'
import { Redis } from 'ioredis'
import { startLiveDesk } from '../live-desk/live-desk'
import { SharedTranscripts } from './shared-transcripts'

/** One node of the desk: `tsx node.ts <redis url> <folder of the pages>`. */
const [, , url = '', outDir = ''] = process.argv
const client = new Redis(url, { maxRetriesPerRequest: null, autoResendUnfulfilledCommands: false })
client.on('error', (error) => console.error(`node ${process.pid}: ${error.message}`))

const transcripts = await SharedTranscripts.open(client, `${process.pid}`)
const store = redisStore({ client, desk: 'live', durability: 'memory' })
const shared = {
  store,
  transcripts,
  onRemoteLine: (listener: (requestId: string) => void) => transcripts.onLineWritten(listener),
}
const live = await startLiveDesk({ port: 0, outDir, isBuilt: true, shared })
live.desk.on('node.stale', ({ error }) => console.error(`node ${process.pid} is stale: ${error.message}`))
live.desk.on('node.recovered', () => console.error(`node ${process.pid} has recovered`))
process.send?.({ port: Number(new URL(live.url).port) })

async function shutDown(): Promise<never> {
  transcripts.close()
  await live.close()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, shutDown)
