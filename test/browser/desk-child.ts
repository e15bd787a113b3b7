import { startLiveDesk } from '../../examples/live-desk/live-desk'

/**
 * A live desk in a process of its own, to be killed: `tsx desk-child.ts <port> <pages> <data>`. Answers with portals.
 */
const [port, outDir = '', dataFolder = ''] = process.argv.slice(2)
const live = await startLiveDesk({ port: Number(port), outDir, isBuilt: true, dataFolder })

process.on('message', ({ id, staffId }: { readonly id: number; readonly staffId: string }) => {
  process.send?.({ id, portal: live.desk.portal(staffId) })
})
process.once('disconnect', () => process.exit())
process.send?.({ url: live.url })
