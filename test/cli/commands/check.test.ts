import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { root } from '../../repository-checks/source-file'
import { builtProgram, type Program } from '../program'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let program: Program

beforeAll(async () => {
  program = await builtProgram()
})
afterAll(() => program?.remove())

const live = (name: string) => `${root}examples/live-desk/${name}`
const route = (to: unknown) => ({ type: 'route', params: { to } })
const sound = [
  {
    name: 'Servers',
    conditions: { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] },
    event: route('everyone'),
  },
]

describe('frontbell check', () => {
  it('[CLI18] takes a byte order mark, and refuses bytes that are no UTF-8 with the first of them', async () => {
    program.file('marked.json', `\uFEFF${JSON.stringify([{ id: 'ana' }])}`)
    expect(await program.run(['check', 'marked.json'])).toMatchObject({
      code: 0,
      out: 'no problems in 1 staff member\n',
    })
    program.bytes('latin-1.json', Buffer.from('[\n  { "id": "J\u00f6rg" }\n]', 'latin1'))
    const refused = await program.run(['check', 'latin-1.json'])
    expect(refused).toMatchObject({ code: 3, out: '' })
    expect(refused.err).toMatch(/latin-1\.json:2: error: expected UTF-8, got the byte 0xF6/)
    const twice = Buffer.concat([Buffer.from('[{"id":"\uFFFD'), Buffer.from([0xe9]), Buffer.from('"}]')])
    program.bytes('both.json', twice)
    expect((await program.run(['check', 'both.json'])).err).toMatch(/both\.json:1: .* got the byte 0xE9/)
    program.file('replaced.json', '[{"id":"\uFFFD"}]')
    expect(await program.run(['check', 'replaced.json'])).toMatchObject({ code: 0 })
  })

  it('[CLI3] warns of no shift of the staff where no file of shifts is given', async () => {
    program.file('people.json', [{ id: 'ana', shifts: ['late'] }])
    const alone = await program.run(['check', 'people.json', '--strict'])
    expect(alone).toMatchObject({ code: 0, out: 'no problems in 1 staff member\n' })
    program.file('hours.json', { shifts: [] })
    expect((await program.run(['check', 'people.json', 'hours.json', '--strict'])).code).toBe(1)
  })

  it('[CLI1] passes the rules of the live desk, in one file or in three', async () => {
    const files = ['workflows.json', 'roster.json', 'shifts.json'].map(live)
    expect(await program.run(['check', ...files])).toEqual({
      code: 0,
      out: 'no problems in 20 workflows, 12 staff members, 4 shifts\n',
      err: '',
    })
    expect(await program.run(['check', live('workflows.json')])).toMatchObject({ code: 0, err: '' })
    expect(await program.run(['check', live('roster.json')])).toMatchObject({
      code: 0,
      out: 'no problems in 12 staff members\n',
    })
  })

  it('[CLI2] says every problem at once, with file, line, column and path, and exits with 1', async () => {
    const text = [
      '[',
      '  { "name": "A",',
      '    "conditions": { "all": [] },',
      '    "event": { "type": "route", "params": { "steps": [{ "to": "everyone", "afterMs": -5 }] } } },',
      '  { "name": "B", "conditions": { "any": [{ "fact": "x", "operator": "equals", "value": 1 }] },',
      '    "event": { "type": "rout" } }',
      ']',
    ].join('\n')
    program.file('wrong.json', text)
    program.file('people.json', '[{ "id": "ana" },\n { "id": "ana", "capacity": -1 }]')
    const { code, out } = await program.run(['check', 'wrong.json', 'people.json'])
    expect(code).toBe(1)
    const lines = out.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^wrong\.json:3:28: error: \[0]\.conditions\.all: expected .*, got an empty list$/),
      expect.stringMatching(/^wrong\.json:4:86: error: \[0]\.event\.params\.steps\[0]\.afterMs: expected .*, got -5$/),
      expect.stringMatching(
        /^wrong\.json:5:69: error: \[1]\.conditions\.any\[0]\.operator: expected .*; did you mean "equal"\?$/,
      ),
      expect.stringMatching(
        /^wrong\.json:6:24: error: \[1]\.event\.type: expected .*, got "rout"; did you mean "route"\?$/,
      ),
      expect.stringMatching(
        /^people\.json:2:10: error: \[1]\.id: expected an id that no other staff member has, got "ana"$/,
      ),
      expect.stringMatching(/^people\.json:2:29: error: \[1]\.capacity: expected .*, got -1$/),
      '6 errors, 0 warnings',
    ])
  })

  it('[CLI2] says where a file is no JSON', async () => {
    program.file('broken.json', '[\n  { "name": "A",, }\n]')
    expect(await program.run(['check', 'broken.json'])).toMatchObject({
      code: 1,
      out: 'broken.json:2:17: error: no JSON: property name expected\n1 error, 0 warnings\n',
    })
    program.file('cut.json', '[{ "name": "A"')
    expect((await program.run(['check', 'cut.json'])).out).toMatch(/^cut\.json:1:15: error: no JSON: /)
    program.file('twice.json', '{ "staff": [{ "id": "ana" }],\n "staff": [], "workflows": [{ "name": 1, "name": 2 }] }')
    expect(await program.run(['check', 'twice.json'])).toMatchObject({
      code: 1,
      out: [
        'twice.json:2:2: error: "staff" was given already, in the same object',
        'twice.json:2:42: error: "name" was given already, in the same object',
        '2 errors, 0 warnings',
        '',
      ].join('\n'),
    })
    program.file('deep.json', `{"[[\\"": ${'['.repeat(100_000)}`)
    expect(await program.run(['check', 'deep.json'])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^deep\.json:1:\d{3}: error: expected at most 500 brackets inside each other\n/),
    })
    program.file('list.json', '[1, 2]')
    expect((await program.run(['check', 'list.json'])).out).toMatch(
      /expected a list of workflows, of staff or of shifts/,
    )
    program.file('two.json', sound)
    program.file('again.json', sound)
    expect((await program.run(['check', 'two.json', 'again.json'])).out).toMatch(/were given already, in two\.json/)
  })

  it('[CLI3] warns of what looks like a mistake, at its line, and fails for it only when strict', async () => {
    const twice = [...sound, { ...sound[0], name: 'Servers again', event: route({ team: 'nobody' }) }]
    program.file('lint.json', { workflows: twice, staff: [{ id: 'ana', shifts: ['late'] }], shifts: [] })
    const loose = await program.run(['check', 'lint.json'])
    expect(loose.code).toBe(0)
    expect(loose.out).toMatch(
      /^lint\.json:\d+:\d+: warning: workflows\[1]\.name: "Servers again": "Servers" matches first/m,
    )
    expect(loose.out).toMatch(/nobody is meant/)
    expect(loose.out).toMatch(/staff\[0]\.shifts\[0]: ana works in the shift "late", which is not there/)
    expect((await program.run(['check', 'lint.json', '--strict'])).code).toBe(1)
  })

  it('[CLI4] reads standard input, parts in files of their own, and gives JSON', async () => {
    expect(await program.run(['check', '-'], { stdin: JSON.stringify(sound) })).toMatchObject({ code: 0 })
    expect((await program.run(['check', '-'], { stdin: '[{]' })).out).toMatch(/^<stdin>:1:3: error: /)
    program.file('flows.json', [{ ...sound[0], priority: 'high' }])
    program.file('desk.json', { workflows: 'flows.json', staff: [{ id: 'ana' }] })
    const { code, out } = await program.run(['check', 'desk.json', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out).problems).toEqual([
      expect.objectContaining({ severity: 'error', file: 'flows.json', line: 19, path: '[0].priority' }),
    ])
    program.file('lost.json', { workflows: 'gone.json' })
    expect((await program.run(['check', 'lost.json'])).out).toMatch(
      /^lost\.json:2:16: error: workflows: gone\.json: there is no/,
    )
  })

  it("[CLI4] knows the names of a host's own operators when they are given", async () => {
    const own = [
      {
        name: 'Own',
        conditions: { all: [{ fact: 'ip', operator: 'inNetwork', value: 'x' }] },
        event: route('everyone'),
      },
    ]
    program.file('own.json', own)
    expect((await program.run(['check', 'own.json'])).code).toBe(1)
    expect((await program.run(['check', 'own.json', '--operators', 'inNetwork'])).code).toBe(0)
  })
})

describe('the command line itself', () => {
  it('[CLI5] helps, for all and for each command, and says its version', async () => {
    const help = await program.run(['--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    for (const command of ['check', 'route', 'simulate', 'demo']) {
      expect(help.out).toMatch(new RegExp(`^  ${command} `, 'm'))
      const own = await program.run([command, '--help'])
      expect(own).toMatchObject({ code: 0, err: '' })
      expect(own.out).toContain(`frontbell ${command} `)
      expect(own.out).toMatch(/-h, --help/)
      expect((await program.run(['help', command])).out).toBe(own.out)
    }
    expect((await program.run([])).out).toBe(help.out)
    expect((await program.run(['--version'])).out).toMatch(/^(\d+\.\d+\.\d+|unknown)\n$/)
  })

  it('[CLI2] names the nearest known part of a file for an unknown one', async () => {
    program.file('parts.json', JSON.stringify({ workflow: [], shifts: [] }))
    const { code, out } = await program.run(['check', 'parts.json'])
    expect(code).toBe(1)
    expect(out).toMatch(/workflow: expected one of staff, shifts, workflows, .*; did you mean "workflows"\?/)
  })

  it('[CLI6] tells by its exit code what was wrong', async () => {
    const cases: [readonly string[], number, RegExp][] = [
      [['chekc'], 2, /there is no command "chekc": expected one of check, route, simulate, demo/],
      [['check'], 2, /check needs a file/],
      [['check', '--stricd', 'x'], 2, /Unknown option '--stricd'/],
      [['route', 'x.json'], 2, /route needs a file of rules and a file of requests/],
      [['route', 'x', 'y', '--at', 'noon'], 2, /--at: expected an instant/],
      [['simulate'], 2, /simulate needs one scenario/],
      [['check', 'gone.json'], 3, /gone\.json: there is no such file/],
      [['check', '.'], 3, /this is a folder/],
    ]
    for (const [words, code, message] of cases) {
      const ended = await program.run(words)
      expect(ended).toMatchObject({ code, out: '' })
      expect(ended.err).toMatch(message)
      expect(ended.err).not.toMatch(/\n {4}at /)
    }
  })

  it('[CLI7] has no colours in a pipe, has them when forced, and never with NO_COLOR', async () => {
    program.file('plain.json', sound)
    const colours = async (env: Record<string, string>) => {
      const { out } = await program.run(['check', 'plain.json'], { env })
      return out.includes('\u001b[')
    }
    expect(await colours({})).toBe(false)
    expect(await colours({ FORCE_COLOR: '1' })).toBe(true)
    expect(await colours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
    expect(await colours({ FORCE_COLOR: '1', NO_COLOR: '' })).toBe(true)
  })
})
