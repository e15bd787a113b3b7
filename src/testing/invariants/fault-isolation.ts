import type { Desk, DeskEventType } from '../../desk'

const heard = ['event', 'ring', 'stop', 'visitor'] as const satisfies readonly DeskEventType[]

/**
 * I14: two desks that are asked the same, one with a listener that throws at everything. `act` is run on both; what the
 * other listeners heard must be the same, and the faults must have been reported. `open` makes an empty desk each time,
 * with a clock and ids of its own that are the same for both.
 */
export async function faultIsolation(
  open: () => Promise<Desk>,
  act: (desk: Desk) => Promise<void>,
): Promise<string | null> {
  const quiet = await hear(open, act, false)
  const faulty = await hear(open, act, true)
  if (quiet.faults > 0) return `${quiet.faults} faults without a faulty listener`
  if (quiet.notices !== faulty.faults)
    return `${faulty.faults} faults were reported of ${quiet.notices} notices at which a listener threw`
  const index = quiet.told.findIndex((line, at) => line !== faulty.told[at])
  if (index !== -1 || quiet.told.length !== faulty.told.length) {
    return `told apart at ${index}: ${quiet.told[index]} without the fault, ${faulty.told[index]} with it`
  }
  return null
}

async function hear(open: () => Promise<Desk>, act: (desk: Desk) => Promise<void>, isFaulty: boolean) {
  const desk = await open()
  const told: string[] = []
  let faults = 0
  desk.on('error', () => {
    faults += 1
  })
  if (isFaulty) for (const type of heard) desk.on(type, fail)
  for (const type of heard) desk.on(type, (notice) => void told.push(`${type} ${JSON.stringify(notice)}`))
  await act(desk)
  await desk.idle()
  const notices = told.length
  told.push(JSON.stringify(desk.awaiting()), `version ${desk.version}`)
  await desk.close()
  return { told, notices, faults }
}

function fail(): never {
  throw new Error('this listener throws at everything')
}
