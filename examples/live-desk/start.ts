import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startLiveDesk } from './live-desk'
import { replayDay } from './replay'

const options = {
  port: { type: 'string', default: process.env.PORT ?? '8080' },
  host: { type: 'string', default: '127.0.0.1' },
  replay: { type: 'boolean', default: false },
  speed: { type: 'string', default: '60' },
  from: { type: 'string', default: '8' },
  folder: { type: 'string' },
  data: { type: 'string' },
} as const
const outDir = fileURLToPath(new URL('../../.frontbell/pages', import.meta.url))

try {
  const { values } = parseArgs({ options })
  const port = wholeNumber('--port', values.port, 65_535)
  const speed = wholeNumber('--speed', values.speed, 100_000)
  const fromHour = wholeNumber('--from', values.from, 23)
  const live = await startLiveDesk({
    port,
    host: values.host,
    outDir,
    ...(values.folder === undefined ? {} : { folder: values.folder }),
    ...(values.data === undefined ? {} : { dataFolder: values.data }),
  })
  console.log(`Shop page with the chat widget   ${live.url}/`)
  console.log(`Staff portal                     ${live.url}/staff`)
  console.log(`Supervisor's page                ${live.url}/supervisor`)
  if (values.replay) {
    const [first, ...staffIds] = live.staffIds
    if (first === undefined) {
      await live.close()
      throw new Error('--replay: expected at least one staff member on the roster, got none')
    }
    replayDay(live, { speed: Math.max(1, speed), fromHour, staffIds })
    console.log(
      `Replaying a recorded day from ${fromHour}:00, ${speed} times as fast; sign in as ${first} and take part.`,
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => live.close().then(() => process.exit()))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function wholeNumber(name: string, text: string, max: number): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text)
  throw new Error(`${name}: expected a whole number, 0 to ${max}, got "${text}"`)
}
