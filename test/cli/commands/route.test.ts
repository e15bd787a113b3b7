import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { root } from '../../repository-checks/source-file'
import { builtProgram, type Program } from '../program'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let program: Program

beforeAll(async () => {
  program = await builtProgram()
})
afterAll(() => program?.remove())

const live = ['workflows.json', 'roster.json', 'shifts.json'].map((name) => `${root}examples/live-desk/${name}`)
const day = `${root}examples/live-desk/day.jsonl`
const monday = ['--at', '2026-11-23T10:00:00Z']
const rules = {
  staff: [
    { id: 'ana', teams: ['servers'] },
    { id: 'bo', shifts: ['night'] },
  ],
  shifts: [{ id: 'night', timeZone: 'UTC', weekly: [{ days: ['mon'], from: '22:00', to: '06:00' }] }],
  workflows: [
    {
      name: 'Servers',
      conditions: { all: [{ fact: 'topic', operator: 'in', value: ['server', 'mail'] }] },
      event: { type: 'route', params: { to: { team: 'servers' } } },
    },
    {
      name: 'Gold',
      conditions: { all: [{ fact: 'visitor', path: 'facts.plan', operator: 'equal', value: 'gold' }] },
      event: { type: 'route', params: { steps: [{ to: { shift: 'night' } }], whenExhausted: 'hold' } },
    },
    {
      name: 'Angry first',
      conditions: { all: [{ not: { fact: 'mood', operator: 'notEqual', value: 'angry' } }] },
      event: { type: 'prioritize', params: { priority: 7 } },
    },
  ],
}

describe('frontbell route', () => {
  it('[CLI8] says of every line of a real day where it goes and why, with a table by workflow', async () => {
    const { code, out, err } = await program.run(['route', ...live, day, ...monday])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n')
    expect(lines[0]).toBe(
      '1: Key accounts meet their account manager -> lena, after 30 s enterprise 50 or more, after 1 min 30 s everyone; rings for lena; priority 50; tags key account',
    )
    expect(lines[1]).toBe('   because customer equal "vip"')
    const table = lines.slice(lines.findIndex((line) => line.startsWith('workflow ')) + 1).filter((line) => line !== '')
    const counts = table.map((line) => Number(/ (\d+) +[\d.]+ %/.exec(line)?.[1]))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(640)
    expect(counts).toEqual(counts.toSorted((one, other) => other - one))
  })

  it('[CLI8] takes bare facts, facts of visitors, weights and instants', async () => {
    program.file('rules.json', rules)
    const requests = [
      '{ "topic": "mail", "mood": "angry" }',
      '',
      '{ "facts": {}, "visitor": { "plan": "gold" }, "at": "2026-11-23T23:00:00+00:00" }',
      '{ "facts": {}, "visitorId": "v", "visitor": { "plan": "gold" } }',
      '{ "facts": { "topic": "server" }, "weight": 99 }',
    ]
    program.file('requests.jsonl', requests.join('\r\n'))
    const { code, out } = await program.run(['route', 'rules.json', 'requests.jsonl', '--json', ...monday])
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer.requests).toMatchObject([
      {
        line: 1,
        workflow: 'Servers',
        rings: ['ana'],
        priority: 7,
        because: ['topic in ["server","mail"] (it is "mail")'],
      },
      { line: 3, workflow: 'Gold', rings: ['bo'], because: ['visitor facts.plan equal "gold"'] },
      { line: 4, workflow: 'Gold', rings: [] },
      { line: 5, workflow: 'Servers', rings: [] },
    ])
    expect(answer.summary).toEqual([
      { workflow: 'Servers', requests: 2, share: 0.5, ringForNobody: 1 },
      { workflow: 'Gold', requests: 2, share: 0.5, ringForNobody: 1 },
    ])
    expect(answer.problems).toEqual([])
    const piped = await program.run(['route', 'rules.json', '-', '--summary', ...monday], {
      stdin: '{"topic":"tea"}\n',
    })
    expect(piped.out).toBe('workflow         requests    share  ring for nobody\n(default route)         1  100.0 %\n')
  })

  it('[CLI9] says malformed lines with their number and leaves them out, or refuses them all when strict', async () => {
    program.file('rules.json', rules)
    const requests = [
      '{ "topic": "server" }',
      '{ "topic": ',
      '[1]',
      '{ "facts": 5, "visitorId": 5 }',
      '{ "facts": {}, "at": "noon" }',
      '{ "facts": {}, "weight": -1 }',
      '{ "topic": "tea" }',
    ]
    program.file('wrong.jsonl', requests.join('\n'))
    const loose = await program.run(['route', 'rules.json', 'wrong.jsonl', ...monday])
    expect(loose.code).toBe(1)
    expect(loose.out).toMatch(
      /^1: Servers -> team servers; rings for ana\n.*\n7: no workflow -> everyone; rings for ana/m,
    )
    const said = loose.err.trimEnd().split('\n')
    expect(said).toEqual([
      expect.stringMatching(/^wrong\.jsonl:2:12: error: no JSON/),
      expect.stringMatching(/^wrong\.jsonl:3:1: error: expected a JSON object/),
      expect.stringMatching(/^wrong\.jsonl:4:12: error: facts: expected an object of facts/),
      expect.stringMatching(/^wrong\.jsonl:4:28: error: visitorId: expected text/),
      expect.stringMatching(/^wrong\.jsonl:5:22: error: at: expected an instant/),
      expect.stringMatching(/^wrong\.jsonl:6: error: weight: expected a whole number/),
      '5 of 7 lines left out',
    ])
    const strict = await program.run(['route', 'rules.json', 'wrong.jsonl', '--strict', ...monday])
    expect(strict).toMatchObject({ code: 1, out: '' })
    expect(strict.err).toMatch(/wrong\.jsonl:2:12/)
    const json = await program.run(['route', 'rules.json', 'wrong.jsonl', '--json', ...monday])
    expect(JSON.parse(json.out).problems.map(({ line }: { line: number }) => line)).toEqual([2, 3, 4, 4, 5, 6])
  })

  it('[CLI9] routes nothing by rules that are wrong', async () => {
    program.file('wrong-rules.json', [{ name: 'A', conditions: { all: [] }, event: { type: 'route', params: {} } }])
    const ended = await program.run(['route', 'wrong-rules.json', '-'], { stdin: '{}' })
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^wrong-rules\.json:5:14: error: \[0]\.conditions\.all/m)
  })
})

describe('frontbell demo', () => {
  it('[CLI12] tells the story of one request as a real desk has it', async () => {
    const { code, out, err } = await program.run(['demo'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const edges = out.split('\n').filter((line) => /^ {3}(ring|stop) /.test(line))
    expect(edges.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      'ring rings for ana and bo',
      'stop no longer for ana: muted',
      'ring rings for ana and cleo (step 2)',
      'stop no longer for bo: snoozed',
      'ring rings for bo (step 2)',
      'stop no longer for ana: muted',
      'stop no longer for bo and cleo: accepted by cleo',
    ])
    expect(out).toMatch(/bo gets: Request "r1" has been taken by "cleo"\./)
  })
})
