import { type Desk, manualClock, openDesk } from '../../desk'
import { formatList } from '../../routing'
import type { CliCommand } from '../command'
import { exitCodes } from '../command'
import type { Terminal } from '../terminal'

const pauseMs = 900

/** `frontbell demo`: one request from the first ring to the last, on a real desk. */
export const demoCommand: CliCommand = {
  name: 'demo',
  summary: 'tells the story of one request, on a real desk',
  usage: '[--fast]',
  description: [
    'Opens a desk in this process, with three people and two workflows, and lets a visitor from the United States ask',
    'about a server. What you see is what the desk says, in its own time; a terminal gets it with pauses.',
  ],
  options: [{ name: 'fast', description: 'without pauses' }],
  run: async (call, terminal) => {
    await runDemo(terminal, call.has('fast') || !terminal.isInteractive ? 0 : pauseMs)
    return exitCodes.ok
  },
}

const staff = [
  { id: 'ana', teams: ['servers'], shifts: ['us'] },
  { id: 'bo', teams: ['servers'], shifts: ['us'] },
  { id: 'cleo', teams: ['billing'] },
]
const shifts = [
  {
    id: 'us',
    timeZone: 'America/New_York',
    weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
  },
] as const
const workflows = [
  {
    name: 'Server questions from the US go to the US shift',
    priority: 2,
    conditions: {
      all: [
        { fact: 'topic', operator: 'equal', value: 'server' },
        { fact: 'country', operator: 'equal', value: 'US' },
      ],
    },
    event: {
      type: 'route',
      params: { steps: [{ to: { shift: 'us', team: 'servers' } }, { to: 'everyone', afterMs: 60_000 }] },
    },
  },
  {
    name: 'Server questions go to the server team',
    conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
    event: { type: 'route', params: { to: { team: 'servers' } } },
  },
]

/** A Monday, 09:30 in New York. */
const demoStartAt = Date.UTC(2026, 10, 23, 14, 30)

async function runDemo(terminal: Terminal, pause: number): Promise<void> {
  const clock = manualClock(demoStartAt)
  const desk = await openDesk({ staff, shifts, workflows, clock })
  const breathe = () => terminal.wait(pause)
  const say = async (text: string) => {
    terminal.print()
    terminal.print(text)
    await breathe()
  }
  printEdges(desk, terminal)
  terminal.print(
    terminal.colorize('bold', 'Monday, 09:30 in New York. Ana, Bo and Cleo are at their desks; the US shift is on.'),
  )
  for (const { id } of staff) await desk.connect(id, 'browser')
  await say('A visitor from the US asks: "My server is down!"')
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'server', country: 'US' } })
  await printExplanation(desk, terminal)
  await say('Ana is in the middle of something. She mutes it: for her alone.')
  await desk.mute('r1', 'ana')
  await say('A minute later nobody has taken it. The next step of its route rings everyone; a mute lasts for one step.')
  clock.advance(60_000)
  await desk.idle()
  await say('Bo is stuck as well and asks to be rung again in half a minute.')
  await desk.snooze('r1', 'bo', { forMs: 30_000 })
  clock.advance(30_000)
  await desk.idle()
  await say('Ana mutes it again. Nothing is lost: it stays in the list of what she may start.')
  await desk.mute('r1', 'ana')
  const [item] = desk.awaiting('ana')
  terminal.print(`   ana sees: ${item?.requestId}, ${item?.reason}`)
  await breathe()
  await say('Cleo and Bo press "accept" at the same moment.')
  const [first, second] = await Promise.all([desk.accept('r1', 'cleo'), desk.accept('r1', 'bo')])
  if (first.ok) terminal.print(terminal.colorize('green', '   cleo has the chat'))
  if (!second.ok) terminal.print(terminal.colorize('yellow', `   bo gets: ${second.message}`))
  await breathe()
  await desk.close()
  terminal.print()
  terminal.print('That was a real desk. Your own rules: frontbell check, route and simulate.')
}

/** Every ring and stop as the desk tells it. */
function printEdges(desk: Desk, { print, colorize }: Terminal): void {
  desk.on('ring', ({ staffIds, step }) =>
    print(
      `   ${colorize('cyan', 'ring')}  rings for ${formatList(staffIds)}${step === 0 ? '' : ` (step ${step + 1})`}`,
    ),
  )
  desk.on('stop', ({ staffIds, reason, by }) => {
    const who = by === null || by === staffIds[0] ? '' : ` by ${by}`
    print(`   ${colorize('dim', 'stop')}  no longer for ${formatList(staffIds)}: ${reason}${who}`)
  })
}

async function printExplanation(desk: Desk, { print, colorize }: Terminal): Promise<void> {
  const explained = desk.explain('r1')
  const reasons = explained?.staff.map(({ staffId, reason }) => `${staffId} ${reason}`) ?? []
  print(colorize('dim', `   why   workflow "${explained?.workflow}": ${reasons.join(', ')}`))
}
