// One scenario on two entry points, in any JavaScript runtime: rings, a late accept, and the state of a screen.
import { manualClock, openDesk } from 'frontbell'
import { createPortal } from 'frontbell/portal'

/** Returns what happened, one line each. */
export async function runScenario() {
  const output = []
  const clock = manualClock(0)
  const desk = await openDesk({
    staff: [
      { id: 'ana', teams: ['servers'], shifts: ['day'] },
      { id: 'bo', teams: ['servers'] },
      { id: 'cy', teams: ['billing'] },
    ],
    shifts: [{ id: 'day', timeZone: 'America/New_York', weekly: [{ days: ['wed'], from: '19:00', to: '20:00' }] }],
    workflows: [
      {
        name: 'Server questions go to the server team',
        conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
        event: { type: 'route', params: { steps: [{ to: { team: 'servers' } }, { to: 'everyone', afterMs: 60_000 }] } },
      },
    ],
    clock,
  })
  desk.on('ring', ({ requestId, staffIds }) => output.push(`${requestId} rings for ${staffIds.join(' and ')}`))
  desk.on('stop', ({ staffIds, reason }) => output.push(`silent for ${staffIds.join(' and ')}: ${reason}`))

  for (const id of ['ana', 'bo', 'cy']) await desk.connect(id, 'tab-1')
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server' } })
  await desk.mute('r1', 'bo')
  clock.advance(60_000)
  await desk.idle()
  const won = await desk.accept('r1', 'ana')
  const late = await desk.accept('r1', 'cy')
  output.push(won.ok ? 'ana has it' : won.message, late.ok ? 'cy has it too' : `cy is late: ${late.code} by ${late.by}`)

  const portal = createPortal('cy')
  output.push(`the screen of ${portal.getSnapshot().staffId} is ${portal.getSnapshot().connection}`)
  await desk.close()
  return output
}
