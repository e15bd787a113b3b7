import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { InvalidInputError, manualClock, openDesk } from '../../../src'
import { parseShifts, parseWorkflows } from '../../../src/routing'
import { countSteps, stepsIn100Ms, takeSteps } from '../../count-steps'
import { createTestRouter, equalCondition, workflowToTeam } from '../../routing/test-router'

vi.setConfig({ testTimeout: 120_000 })

const staff = [{ id: 'ana', teams: ['a', 'b', 't1'] }]
const toTeam = (name: string, team: string, topic: string) =>
  workflowToTeam(team, { all: [equalCondition('topic', topic)] }, { name })
const longList = (count: number, team = 'a') =>
  Array.from({ length: count }, (_, index) => toTeam(`w${index}`, team, `topic-${index}`))

/** As many workflows, conditions and bytes as are allowed. */
const largestList = () =>
  Array.from({ length: 10_000 }, (_, index) => {
    const all = Array.from({ length: 5 }, (_, each) => equalCondition(`f${each}`, `v${index}`))
    return workflowToTeam(`t${index % 10}`, { all }, { name: `w${index}` })
  })

describe('a long list of workflows', () => {
  it('[D92] is read in pieces, and the commands given meanwhile take effect after it, in their order', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    let [turns, isSet] = [0, false]
    const set = desk.setWorkflows(longList(2_000)).then((outcome) => {
      isSet = true
      return outcome
    })
    const later = desk.setWorkflow(toTeam('w7', 'b', 'topic-7'))
    const asked = desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { topic: 'topic-7' } })
    for (; !isSet; turns += 1) await setImmediate()
    expect(await set).toMatchObject({ ok: true, revision: 1 })
    expect(await later).toMatchObject({ ok: true, revision: 2 })
    expect(await asked).toMatchObject({ ok: true })
    expect(desk.workflows).toHaveLength(2_000)
    expect(desk.request('r1')).toMatchObject({ workflow: 'w7' })
    expect(desk.workflows[7]).toMatchObject({ event: { params: { to: { team: 'b' } } } })
    expect(turns).toBeGreaterThan(10)
    await desk.close()
  })

  it('[D92] that follows another one replaces it, and `idle` waits for both', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    const outcomes = [desk.setWorkflows(longList(300)), desk.setWorkflows(longList(200)), desk.setWorkflows([])]
    outcomes.push(desk.setWorkflows(longList(100, 'b')))
    await desk.idle()
    expect(desk.workflows).toHaveLength(100)
    expect((await Promise.all(outcomes)).map((outcome) => 'revision' in outcome && outcome.revision)).toEqual([
      1, 2, 3, 4,
    ])
    await desk.close()
  })

  it('[D92] rejects with every problem, also of other keys, and changes nothing', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    const list = [...longList(400), { name: 'w0', conditions: { all: [] } }]
    const malformed = desk.execute({ type: 'setWorkflows', workflows: list, by: '', extra: 1 } as never)
    const after = desk.setWorkflow(toTeam('one', 'a', 'x'))
    const error = await malformed.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidInputError)
    const places = (error as InvalidInputError).issues.map(({ path }) => path.join('.'))
    expect(places).toEqual(
      expect.arrayContaining(['by', 'extra', 'workflows.400.name', 'workflows.400.conditions.all']),
    )
    expect(await after).toMatchObject({ ok: true, revision: 1 })
    await expect(desk.setWorkflows(longList(10_001))).rejects.toThrow('at most 10000 workflows')
    await desk.close()
  })

  it('[D92] is refused when the desk is closed while it is read', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    const set = desk.setWorkflows(longList(1_000))
    const closed = desk.close()
    expect(await set).toMatchObject({ ok: false, code: 'unavailable', reason: 'closed' })
    await closed
  })

  it('routes anew all open requests, a part of them at a time', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    for (let id = 0; id < 600; id += 1) await desk.requestChat({ visitorId: `v${id}`, facts: { topic: 'topic-1' } })
    const set = desk.setWorkflows(longList(20), { reroute: true })
    await desk.idle()
    expect(await set).toMatchObject({ ok: true, rerouted: 600 })
    expect(new Set(desk.requests().map(({ workflow }) => workflow))).toEqual(new Set(['w1']))
    await desk.close()
  })
})

describe('the largest inputs that are allowed', () => {
  it('[D92] block for no more steps than run in 100 ms: workflows', async () => {
    const { router } = createTestRouter([])
    const pieces: number[] = []
    await takeSteps()
    await router.parseWorkflowsInPieces(largestList(), async () => void pieces.push(await takeSteps()))
    pieces.push(await takeSteps())
    const parsing = await countSteps(() => parseWorkflows(largestList()))
    const desk = await openDesk({ staff, clock: manualClock(0) })
    const list = largestList()
    const whole = await countSteps(() => desk.setWorkflows(list))
    const rest = whole - pieces.reduce((sum, piece) => sum + piece, 0)
    const one = await countSteps(() => desk.setWorkflow({ ...list[0], priority: 2 }))
    console.log(`workflows: longest piece ${Math.max(...pieces)} of ${pieces.length}, rest ${rest}, one ${one}`)
    expect(pieces.length).toBeGreaterThan(50)
    expect(Math.max(...pieces, rest, one)).toBeLessThan(stepsIn100Ms)
    expect(parsing).toBeGreaterThan(stepsIn100Ms)
    await desk.close()
  })

  it('[D92] block for no more steps than run in 100 ms: shifts', async () => {
    const desk = await openDesk({ staff, clock: manualClock(0) })
    const hours = (index: number) => ({
      days: ['mon', 'tue'],
      from: `${String(index % 23).padStart(2, '0')}:00`,
      to: '24:00',
    })
    const shifts = Array.from({ length: 100 }, (_, index) => ({
      id: `s${index}`,
      timeZone: 'Europe/London',
      weekly: Array.from({ length: 100 }, (_, each) => hours(each)),
    }))
    const parsing = await countSteps(() => parseShifts(shifts))
    const whole = await countSteps(() => desk.setShifts(shifts as never))
    console.log(`shifts: parsing ${parsing}, whole ${whole}`)
    expect(whole).toBeLessThan(stepsIn100Ms)
    await desk.close()
  })
})
