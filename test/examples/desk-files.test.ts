import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDesk } from 'frontbell'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readDeskFiles, withFileNames } from '../../examples/live-desk/desk-files'
import { dayText, makeDay } from '../../examples/live-desk/make-day'
import { root } from '../repository-checks/source-file'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const folder = `${root}examples/live-desk`
const folders: string[] = []

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true })
})

describe('the files of the live desk', () => {
  it('open a desk, with at least twelve workflows and no warning', async () => {
    const files = readDeskFiles(folder)
    const desk = await openDesk(files)
    expect(files.workflows.length).toBeGreaterThanOrEqual(12)
    expect(await desk.setWorkflows(files.workflows)).not.toHaveProperty('warnings')
    await desk.close()
  })

  it.each([
    ['roster.json', '{', /^roster\.json: expected JSON, got /],
    ['shifts.json', '{}', /^shifts\.json: input: expected a list/],
    ['roster.json', '[{"id": "ana", "capacity": -1}]', /^roster\.json: \[0\]\.capacity: expected a whole number/],
    [
      'shifts.json',
      '[{"id": "us", "timeZone": "Mars/Base", "weekly": []}]',
      /^shifts\.json: \[0\]\.timeZone: expected/,
    ],
    ['workflows.json', '[{"name": "w"}]', /^workflows\.json: \[0\]\.(conditions|event): expected/],
  ])('are named in an error, with path and reason: %s with %s', async (name, text, message) => {
    const bad = mkdtempSync(join(tmpdir(), 'frontbell-files-'))
    folders.push(bad)
    for (const file of ['roster.json', 'shifts.json', 'workflows.json']) cpSync(`${folder}/${file}`, `${bad}/${file}`)
    writeFileSync(`${bad}/${name}`, text)
    const opened = async () => {
      try {
        await openDesk(readDeskFiles(bad))
      } catch (error) {
        throw withFileNames(error)
      }
    }
    await expect(opened()).rejects.toThrow(message)
  })

  it('contain a day of at least 500 requests that the committed script reproduces to the byte', () => {
    const text = readFileSync(`${folder}/day.jsonl`, 'utf8')
    expect(text.trim().split('\n').length).toBeGreaterThanOrEqual(500)
    expect(dayText(makeDay(2026))).toBe(text)
    expect(dayText(makeDay(2027))).not.toBe(text)
  })

  it('route the requests of the day through at least twelve workflows', async () => {
    const desk = await openDesk(readDeskFiles(folder))
    const workflows = new Set<string | null>()
    for (const { facts } of makeDay(2026)) workflows.add((await desk.previewRoute({ facts })).workflow)
    expect(workflows.size).toBeGreaterThanOrEqual(12)
    await desk.close()
  })
})
