import { describe, expect, it, vi } from 'vitest'
import { InvalidInputError } from '../../../src/core'
import {
  type CheckedConfiguration,
  type CounterExample,
  checkWorkflows,
  everyRequest,
  WorkflowCheckError,
} from '../../../src/testing'
import { seed } from '../../campaign'
import {
  is,
  legal,
  night,
  sampleProperties,
  shifts,
  staff,
  us,
  validConfiguration,
  workflow,
} from './sample-properties'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const few = { seed, runs: 60, sweepMax: 200 }
console.log(`checkWorkflows: FRONTBELL_SEED=${seed}`)

/** Returns the error of one property that the rules violate. */
async function findViolation(
  property: keyof typeof sampleProperties,
  rules: CheckedConfiguration,
  options: object = few,
): Promise<WorkflowCheckError> {
  const error = await checkWorkflows(rules, { [property]: sampleProperties[property] }, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(WorkflowCheckError)
  return error as WorkflowCheckError
}

describe('checking the workflows of a host', () => {
  it('[TK1] resolves where the properties hold, with the number of cases and checks', async () => {
    const check = await checkWorkflows(validConfiguration, sampleProperties, few)
    expect(check.seed).toBe(seed)
    expect(Object.keys(check.properties)).toEqual(Object.keys(sampleProperties))
    for (const { cases, checks } of Object.values(check.properties)) {
      expect(cases).toBeGreaterThan(few.runs)
      expect(checks).toBeGreaterThan(few.runs)
    }
  })

  it('[TK1] reports a request from the US that rings elsewhere', async () => {
    const elsewhere = workflow('Servers', is('topic', 'server'), {
      steps: [{ to: { staff: 'cy' } }],
      whenExhausted: 'hold',
    })
    const [found] = (
      await findViolation('every request from the US is rung by somebody of the US shift while that shift is on', {
        ...validConfiguration,
        workflows: [elsewhere, us],
      })
    ).counterExamples
    expect(found?.narrative.join('\n')).toMatch(
      /: shift us is on; .*\n.*topic "server".*"Servers" sends it to cy, and holds it/,
    )
    expect(found?.violation).toMatch(/nobody is rung, and of shift us ana and bo are there/)
  })

  it('[TK1] reports a VIP who waits too long for a step', async () => {
    const slow = workflow('VIP', is('vip', true), {
      steps: [
        { to: { team: 'legal' } },
        { to: { team: 'servers' }, afterMs: 20_000 },
        { to: 'everyone', afterMs: 90_000 },
      ],
    })
    const [found] = (
      await findViolation('no VIP waits for a step longer than 30 s', { ...validConfiguration, workflows: [slow] })
    ).counterExamples
    expect(found?.narrative.slice(1)).toEqual([
      expect.stringMatching(
        /vip true; "VIP" sends it to team legal, after 20 s team servers, after 1 min 30 s everyone/,
      ),
      'It rings for ana.',
      expect.stringMatching(/^20 s later step 2 starts as its time has come: team servers\.$/),
      expect.stringMatching(/^It rings for ana and (bo|cy)\.$/),
      expect.stringMatching(/^1 min 10 s later step 3 starts as its time has come: everyone\.$/),
    ])
    expect(found?.violation).toBe('step 3 starts 1 min 10 s after the one before, not 30 s')
  })

  it('[TK1] reports staff outside the team who see the request', async () => {
    const leaky = { ...legal, event: { type: 'route', params: { to: { team: 'legal' } } } }
    const [found] = (
      await findViolation('nobody outside legal ever sees topic legal', { ...validConfiguration, workflows: [leaky] })
    ).counterExamples
    expect(found?.narrative.join('\n')).toMatch(/widens to everyone/)
    expect(found?.violation).toMatch(/^(bo|cy) (is rung for it|sees it in their list), and is not of team legal$/)
  })

  it('[TK1][TK3] reports an hour of the week in which a request is unattended', async () => {
    const lunch = { ...night, weekly: [{ days: night.weekly[0]?.days ?? [], from: '18:00', to: '09:00' }] }
    const found = await findViolation('no request is left unattended at any hour of the week', {
      ...validConfiguration,
      shifts: [shifts[0], lunch] as never,
    })
    expect(found.counterExamples[0]?.narrative).toEqual([
      expect.stringMatching(/day 22:00 UTC: no shift is on; at their desks: nobody\.$/),
      'A visitor asks for a chat with no facts; no workflow matches: it goes to everyone.',
      'It rings for nobody.',
    ])
    expect(found.counterExamples[0]?.violation).toBe('nobody is rung, since nobody is on the rota')
  })

  it('[TK2] shrinks a counterexample to the actions that it needs', async () => {
    const stepping = workflow('Steps', is('topic', 'server'), { to: { team: 'servers' } })
    const property = everyRequest().satisfies(() => ({ staff }) => {
      const muted = staff.filter(({ reason }) => reason === 'muted').length
      return muted >= 2 ? `${muted} have muted it` : null
    })
    const thrown: unknown = await checkWorkflows(
      { staff: [{ id: 'ana' }, { id: 'bo', teams: ['servers'] }], workflows: [stepping] },
      { 'two never mute': property },
      { seed, runs: 3_000 },
    ).catch((error: WorkflowCheckError) => error.counterExamples[0])
    expect(thrown).toMatchObject({ violation: '2 have muted it' })
    const { narrative } = thrown as CounterExample
    expect(narrative.filter((line) => /mutes it/.test(line))).toHaveLength(2)
    expect(narrative.join('\n')).not.toMatch(/busy|snoozes|declines|leaves|goes away/)
    expect(narrative[1]).toMatch(/^A visitor asks for a chat with no facts;/)
  })

  it('[TK4] finds the same counterexample again by its replay, and by its seed', async () => {
    const property = 'nobody outside legal ever sees topic legal'
    const rules = {
      ...validConfiguration,
      workflows: [{ ...legal, event: { type: 'route', params: { to: 'everyone' } } }],
    }
    const first = await findViolation(property, rules)
    expect(first.counterExamples[0]?.replay.seed).toBe(seed)
    expect(await findViolation(property, rules)).toMatchObject({ message: first.message })
    const again = await findViolation(property, rules, { ...few, replay: first.counterExamples[0]?.replay })
    expect(again.counterExamples[0]).toMatchObject({
      narrative: first.counterExamples[0]?.narrative,
      violation: first.counterExamples[0]?.violation,
    })
    expect(first.message).toContain(`replay: { property: "${property}", seed: ${seed}, path: "`)
  })

  it('[TK5] reports a property that no test case is about', async () => {
    const properties = {
      'every Martian is rung': everyRequest((facts) => facts.planet === 'Mars').isRungBy('everyone'),
      'every request is rung': everyRequest().isRungBy('everyone'),
    }
    const error = await checkWorkflows(validConfiguration, properties, few).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ untested: ['every Martian is rung'], counterExamples: [] })
    expect(String(error)).toMatch(/This was not tested: every Martian is rung/)
  })

  it('[TK6] refuses malformed rules and properties with every path, before any test case', async () => {
    const wrong = {
      one: everyRequest().whileOnShift('uk').isRungBy({ team: 'sales' }),
      two: everyRequest().startsNextStepWithin(-1),
      three: { whatever: true } as never,
    }
    const error: InvalidInputError = await checkWorkflows(validConfiguration, wrong, { runs: 0.5 }).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(InvalidInputError)
    expect(error.issues.map(({ path }) => path.join(' '))).toEqual([
      'properties one',
      'properties one',
      'properties two',
      'properties three',
      'runs',
    ])
    await expect(checkWorkflows(validConfiguration, {})).rejects.toThrow(/properties: expected at least one property/)
    await expect(checkWorkflows({ ...validConfiguration, workflows: [{}] }, sampleProperties)).rejects.toThrow(
      /workflows\[0\]/,
    )
    await expect(
      checkWorkflows(validConfiguration, sampleProperties, { replay: { property: 'x', seed: 1, path: '0' } }),
    ).rejects.toThrow(/replay\.property/)
  })

  it('[TK7] tries the values at which conditions change, and those beside them', async () => {
    const old = workflow('Old', { all: [{ fact: 'age', operator: 'greaterThan', value: 64 }] }, { to: { staff: 'bo' } })
    const gold = workflow(
      'Gold',
      { any: [{ fact: 'visitor', path: '$.facts.plan', operator: 'in', value: ['gold', 'silver'] }] },
      { to: { staff: 'ana' } },
    )
    const seen = new Set<string>()
    const property = everyRequest().satisfies(() => ({ request }) => {
      seen.add(`${request.facts.age} ${request.workflow}`)
      return null
    })
    await checkWorkflows({ staff, workflows: [old, gold] }, { anything: property }, few)
    expect([...seen]).toEqual(expect.arrayContaining(['undefined null', '65 Old', '64 null', 'undefined Gold']))
    const fails = await checkWorkflows(
      { staff, workflows: [old, gold] },
      { 'never gold': everyRequest().isRoutedBy(null) },
      few,
    ).catch(String)
    expect(fails).toMatch(/"(Old|Gold)" routes it, and not the default route/)
  })

  it('[TK8] excuses staff who have muted the request, are away or are full', async () => {
    const reasons: string[] = []
    const properties = {
      'somebody of the servers is rung': everyRequest({ topic: 'server' }).isRungBy({ team: 'servers' }),
      'it is looked at': everyRequest({ topic: 'server' }).satisfies(() => ({ staff }) => {
        reasons.push(...staff.map(({ reason }) => String(reason)))
        return null
      }),
    }
    const servers = workflow('Servers', is('topic', 'server'), {
      steps: [{ to: { team: 'servers' } }],
      whenExhausted: 'hold',
    })
    await checkWorkflows({ staff: staff.map(({ id, teams }) => ({ id, teams })), workflows: [servers] }, properties, {
      seed,
      runs: 400,
    })
    expect([...new Set(reasons)]).toEqual(
      expect.arrayContaining(['rung', 'muted', 'snoozed', 'declined', 'away', 'absent', 'full', 'not-in-team']),
    )
  })

  it('[TK8] allows the time that the property allows', async () => {
    const lateBo = workflow('Late', is('topic', 'server'), {
      steps: [{ to: { staff: 'cy' } }, { to: { staff: 'bo' }, afterMs: 20_000 }],
    })
    const rules = { staff: [{ id: 'bo' }, { id: 'cy' }], workflows: [lateBo] }
    const soon = (withinMs: number) => ({
      soon: everyRequest({ topic: 'server' }).isRungBy({ staff: 'bo' }, { withinMs }),
    })
    await checkWorkflows(rules, soon(20_000), { seed, runs: 0 }).catch((error) => expect.unreachable(String(error)))
    await expect(checkWorkflows(rules, soon(19_999), { seed, runs: 0 })).rejects.toThrow(/only cy is rung for 19999 ms/)
  })
})
