import { describe, expect, it } from 'vitest'
import { filesUnder } from './repository-checks/source-file'
import { ruleIdsIn, testTitles } from './repository-checks/test-titles'

const spec = filesUnder('docs', ['/spec.md'])
  .map(({ text }) => text)
  .join('\n')
const titles = testTitles([...filesUnder('test'), ...filesUnder('src/testing')])

describe('docs/spec.md', () => {
  it('[X7] holds exactly the rules that tests name', () => {
    const tested = new Set(titles.flatMap(({ text }) => ruleIdsIn(text)))
    const written = new Set(rulesOf(spec))
    expect({
      untested: [...written].filter((id) => !tested.has(id)),
      unwritten: [...tested].filter((id) => !written.has(id)),
    }).toEqual({ untested: [], unwritten: [] })
    expect(written.size).toBeGreaterThan(100)
  })

  it('gives every rule an id of its own and one sentence', () => {
    const ids = rulesOf(spec)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const lines = spec.split('\n').filter((line) => line.startsWith('- **['))
    expect(lines.filter((line) => !/^- \*\*\[[A-Z]{1,3}\d+]\*\* [A-Z\d`].*[.`]$/.test(line))).toEqual([])
  })
})

describe('SECURITY.md', () => {
  it('names only rules that there are, for every threat', () => {
    const page = filesUnder('.', ['/SECURITY.md']).find(({ path }) => path === './SECURITY.md')?.text ?? ''
    const threats = page.split('\n').filter((line) => /^\|.*\|.*\| [A-Z]\d/.test(line))
    const named = threats.flatMap((line) => line.match(/\b[A-Z]\d+\b/g) ?? [])
    expect(threats.length).toBeGreaterThan(9)
    expect(named.filter((id) => !rulesOf(spec).includes(id))).toEqual([])
  })
})

describe('the reading of rules', () => {
  it('finds ids in titles, alone, in pairs and in lists, and no other brackets', () => {
    expect(ruleIdsIn('[R4] keeps ringing')).toEqual(['R4'])
    expect(ruleIdsIn('[R4][C1] and [Q2, XY10]')).toEqual(['R4', 'C1', 'Q2', 'XY10'])
    expect(ruleIdsIn('reads workflows[3] and [r4] and [R] and [4]')).toEqual([])
  })

  it('finds names of tests behind every modifier, and leaves other calls alone', () => {
    const text = [
      "it('[A1] a', () => {})",
      "it.each([1])('[A2] b', () => {})",
      'describe(`[A3] $' + '{c} d`, () => {})',
      "it.skipIf(true)('[A4] e', () => {})",
      "expect('[A5] f')",
      "const value = { title: '[A7] g', text: '[A8] h' }",
      "describeRedis('[A6] g', () => {})",
    ].join('\n')
    const found = testTitles([{ path: 'a.test.ts', text }]).flatMap((title) => ruleIdsIn(title.text))
    expect(found).toEqual(['A1', 'A2', 'A3', 'A4', 'A7', 'A6'])
  })
})

function rulesOf(text: string): string[] {
  return [...text.matchAll(/^- \*\*\[([A-Z]{1,3}\d+)]\*\*/gm)].map(([, id = '']) => id)
}
