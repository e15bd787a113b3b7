import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumPath, launchChromium, skipsBrowser } from '../../browser/fixtures/chromium'
import { root } from '../../repository-checks/source-file'
import { builtProgram, type Program } from '../program'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let program: Program

beforeAll(async () => {
  program = await builtProgram()
})
afterAll(() => program?.remove())

const hosting = `${root}examples/simulation/hosting.json`
const small = {
  name: 'Tea & <biscuits>',
  from: '2026-11-23T08:00:00Z',
  forHours: 4,
  staff: [{ id: 'ana', capacity: 1 }],
  arrivals: { perHour: 30 },
  behaviour: {
    handling: { distribution: 'exponential', meanMs: 90_000 },
    patience: { distribution: 'exponential', meanMs: 120_000 },
  },
}
const toBo = [
  {
    name: 'All <to> bo',
    conditions: { all: [{ fact: 'x', operator: 'notEqual', value: 1 }] },
    event: { type: 'route', params: { to: { staff: 'bo' } } },
  },
]

describe('frontbell simulate', () => {
  it('[CLI10] shows the stats of a day, the same for the same seed, and the parts of its files', async () => {
    const first = await program.run(['simulate', hosting])
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toMatch(/^A Monday at a hosting company, seed 1: 23 Nov 2026, 00:00 to 24 Nov 2026, 00:00/)
    for (const line of [/^service level +[\d.]+ %$/m, /^by hour /m, /^09:00 +\d+/m, /^by team /m, /^servers +\d+/m]) {
      expect(first.out).toMatch(line)
    }
    expect((await program.run(['simulate', hosting])).out).toBe(first.out)
    expect((await program.run(['simulate', hosting, '--seed', '2'])).out).not.toBe(first.out)
    program.file('people.json', small.staff)
    program.file('split.json', { ...small, staff: 'people.json' })
    program.file('whole.json', small)
    const [split, whole] = await Promise.all(
      ['split.json', 'whole.json'].map((name) => program.run(['simulate', name, '--json'])),
    )
    expect(split?.out).toBe(whole?.out)
    expect(JSON.parse(whole?.out ?? '').total.offered).toBeGreaterThan(60)
  })

  it('[CLI10] says first what stands in the way, and runs nothing of it when strict', async () => {
    program.file('alone.json', { ...small, staff: [{ id: 'ana', shifts: ['x'] }] })
    const loose = await program.run(['simulate', 'alone.json'])
    expect(loose.code).toBe(1)
    expect(loose.out).toMatch(/^service level /m)
    expect(loose.err).toMatch(/^alone\.json: error: nobody is on shift at any time/m)
    const strict = await program.run(['simulate', 'alone.json', '--strict'])
    expect(strict).toMatchObject({ code: 1, out: '' })
    expect(strict.err).toMatch(/nothing was run/)
    program.file('odd.json', { ...small, forHours: -1, behaviour: {} })
    const wrong = await program.run(['simulate', 'odd.json'])
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(
      /^odd\.json:4:15: error: forHours: expected .*\n(.*\n)*odd\.json:\d+:\d+: error: behaviour/,
    )
    expect((await program.run(['check', 'odd.json'])).code).toBe(1)
    program.file('rules.json', { workflows: [] })
    expect((await program.run(['simulate', 'rules.json'])).err).toMatch(/is no scenario/)
    expect((await program.run(['simulate', 'alone.json', '--seed', 'x'])).code).toBe(2)
    expect((await program.run(['simulate', 'alone.json', '--seeds', '3'])).code).toBe(2)
  })

  it('[CLI11] reads arrivals from a file, and says, leaves out or refuses its malformed lines', async () => {
    const lines = ['{"at":1763884800000}', 'nonsense', '{"at":"soon"}', '{"at":1763884900000}']
    program.file('arrivals.jsonl', lines.join('\n'))
    program.file('replay.json', { ...small, from: 1763884800000, arrivals: { file: 'arrivals.jsonl' } })
    const loose = await program.run(['simulate', 'replay.json', '--json'])
    expect(loose.code).toBe(0)
    expect(JSON.parse(loose.out).total.offered).toBe(2)
    expect(loose.err).toMatch(/arrivals\.jsonl:2: error: .*\n.*arrivals\.jsonl:3: error: .*\n2 of 4 lines left out\n/)
    const strict = await program.run(['simulate', 'replay.json', '--strict'])
    expect(strict).toMatchObject({ code: 1, out: '' })
    program.file('nowhere.json', { ...small, arrivals: { file: 'gone.csv' } })
    expect(await program.run(['simulate', 'nowhere.json'])).toMatchObject({ code: 3 })
    const piped = { ...small, from: 1763884800000, arrivals: { file: '-', format: 'csv', columns: { at: 'when' } } }
    program.file('piped.json', piped)
    const csv = await program.run(['simulate', 'piped.json', '--json'], { stdin: 'when\n1763884800000\n' })
    expect(JSON.parse(csv.out).total.offered).toBe(1)
  })

  it('[CLI17] counts what no statistics hold, names the first, and runs nothing when no line is an arrival', async () => {
    const day = (time: string) => `2026-11-23T${time}:00Z`
    const outside = ['2026-11-22T09:00:00Z', day('07:59'), day('12:00'), day('13:00')]
    const lines = [...outside.map((at) => ({ at })), { at: day('08:00'), who: 'bo' }, { at: day('08:00'), who: 'bo' }]
    const all = [...lines, { at: day('08:30'), who: 'cy' }, { at: day('11:59') }]
    program.file('visits.jsonl', all.map((line) => JSON.stringify(line)).join('\n'))
    const arrivals = { file: 'visits.jsonl', columns: { visitorId: 'who' } }
    const policy = { requestsPerMinuteMax: 1 }
    const behaviour = { handling: { distribution: 'fixed', ms: 60_000 }, answer: { distribution: 'fixed', ms: 5_000 } }
    program.file('visits.json', { ...small, arrivals, policy, behaviour })
    const [text, json] = await Promise.all([
      program.run(['simulate', 'visits.json', '--html', 'visits.html']),
      program.run(['simulate', 'visits.json', '--json']),
    ])
    const said = [
      'left out: 4 of 8 arrivals, outside the simulated hours: 22 Nov 2026, 09:00; 23 Nov 2026, 07:59; 23 Nov 2026, 12:00; …',
      'left out: 1 of 8 arrivals, of visitors whose request was open: 23 Nov 2026, 08:00 bo',
    ]
    expect(text.out.split('\n').filter((line) => line.startsWith('left out'))).toEqual(said)
    const page = readFileSync(join(program.folder, 'visits.html'), 'utf8')
    for (const line of said) expect(page).toContain(`<li>${line}</li>`)
    expect(JSON.parse(json.out).leftOut).toMatchObject({ of: 8, outsideHours: { count: 4 }, repeated: { count: 1 } })
    program.file('visits.jsonl', 'nonsense\n{"at":"soon"}\n')
    const none = await program.run(['simulate', 'visits.json'])
    expect(none).toMatchObject({ code: 1, out: '' })
    expect(none.err).toMatch(/2 of 2 lines left out\n.*nothing was run: no line of visits\.jsonl is an arrival/)
  })

  it('[CLI16] reads times in the format, order and columns that its options name', async () => {
    program.file('calls.csv', 'Date;Time\n23/11/2026;9:00 AM\n23/11/2026;9:30 AM\n')
    const columns = { at: 'Date', timeZone: 'UTC' }
    program.file('calls.json', { ...small, arrivals: { file: 'calls.csv', columns } })
    const offered = async (...options: string[]) => {
      const { code, out, err } = await program.run(['simulate', 'calls.json', '--json', ...options])
      return code === 0 ? JSON.parse(out).total.offered : `${code} ${err}`
    }
    const split = ['--date-column', 'Date', '--time-column', 'Time']
    expect(await offered(...split, '--day-first')).toBe(2)
    expect(await offered(...split, '--time-format', 'DD/MM/YYYY h:mm A')).toBe(2)
    expect(await offered(...split, '--time-format', 'DD/MM')).toMatch(
      /^1 .*calls\.csv: error: columns\.timeFormat: expected/,
    )
    expect(await offered('--time-column', 'Time')).toMatch(/^1 .*columns\.time: expected date and time together/)
    expect(await offered('--date-column', 'When', '--time-column', 'Time')).toMatch(
      /^1 .*calls\.csv:1: error: expected a column When, got the columns "Date, Time"/,
    )
    program.file('no-file.json', small)
    expect(await program.run(['simulate', 'no-file.json', '--day-first'])).toMatchObject({ code: 2 })
  })

  it('[CLI13] compares two sets of workflows on the same days', async () => {
    program.file('two.json', {
      ...small,
      staff: [
        { id: 'ana', capacity: 1 },
        { id: 'bo', capacity: 1 },
      ],
    })
    program.file('other.json', toBo)
    const { code, out } = await program.run(['simulate', 'two.json', '--compare', 'other.json', '--seeds', '5'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Compared on 5 days: A is the scenario, B is other\.json; ± is 95\.0 % confidence$/m)
    expect(out).toMatch(/^mean wait .* \+.* ± .* B is worse$/m)
    const wrong = await program.run(['simulate', 'two.json', '--compare', 'two.json'])
    expect(wrong).toMatchObject({ code: 1, out: '' })
  })

  it('[CLI13] writes a report that is one file and needs nothing else', async () => {
    program.file('report.json', {
      ...small,
      staff: [
        { id: 'ana', capacity: 1 },
        { id: 'bo', capacity: 1 },
      ],
    })
    program.file('other.json', toBo)
    const words = ['simulate', 'report.json', '--compare', 'other.json', '--seeds', '2', '--html', 'report.html']
    expect(await program.run(words)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/the report is in report\.html/),
    })
    const page = readFileSync(join(program.folder, 'report.html'), 'utf8')
    expect(page).toContain('<h1>Tea &amp; &lt;biscuits&gt;</h1>')
    expect(page).not.toMatch(/<script|<link|https?:|url\(|@import/)
    for (const title of ['Wait until accepted', 'Queue length', 'Service level', 'Occupancy', 'The comparison'])
      expect(page).toContain(title)
    expect(await program.run(['simulate', 'report.json', '--html', 'no/such/folder.html'])).toMatchObject({ code: 3 })
  })

  it('[CLI14] draws a bar for a person who waits', async () => {
    const { spawnSync } = await import('node:child_process')
    const command = `'${process.execPath}' '${join(program.folder, 'frontbell.mjs')}' simulate '${hosting}'`
    const env = { PATH: process.env.PATH ?? '', TERM: 'xterm' }
    const seen = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', env })
    if (seen.error !== undefined) return console.warn('skipped: there is no program "script" to be a terminal')
    expect(seen.stdout).toMatch(/[█░]{30} +\d+ % {2}2026-11-23 \d\d:\d\d UTC {2}\d+ requests/)
    expect(seen.stdout).toContain('\u001b[1m')
  })
})

describe.skipIf(skipsBrowser())('the report in Chromium', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  it.each(['light', 'dark'] as const)(
    '[CLI13] shows its plots in %s colours, without an error',
    async (colorScheme) => {
      expect(chromiumPath).toBeDefined()
      await program.run(['simulate', hosting, '--html', 'day.html'])
      const page = await browser.newPage({ colorScheme })
      const messages: string[] = []
      page.on('console', (message) => messages.push(message.text()))
      page.on('pageerror', (error) => messages.push(String(error)))
      await page.goto(`file://${join(program.folder, 'day.html')}`)
      const plots = await page.locator('figure > svg').all()
      expect(plots.length).toBe(6)
      for (const plot of plots) expect((await plot.boundingBox())?.height).toBeGreaterThan(100)
      const drawn = await page
        .locator('path.line')
        .evaluateAll((paths) => paths.filter((path) => path.getAttribute('d') !== '').length)
      expect(drawn).toBeGreaterThanOrEqual(6)
      const [ground, ink] = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body)
        return [backgroundColor, color].map((shade) => Number(/\d+/.exec(shade)?.[0]))
      })
      expect((ground ?? 0) > (ink ?? 0)).toBe(colorScheme === 'light')
      expect(await page.locator('rect.hover > title').first().textContent()).toMatch(
        /^\d\d:\d\d to \d\d:\d\d\narrived: \d+/,
      )
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      expect(messages).toEqual([])
      await page.close()
    },
  )
})
