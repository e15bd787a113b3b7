import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Desk, manualClock, openDesk } from '../../src/desk'
import { memoryStore } from '../../src/store'
import { type Action, anyAction, anyPolicy, anyRoster, faultIsolation, monitorDesk } from '../../src/testing'
import { runs, seed } from '../core/properties/campaign'
import { toCommandInput } from './command-input'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const numRuns = Math.max(10, Math.round(runs / 50))
const anyHistory = fc.record({
  staff: anyRoster(),
  policy: anyPolicy(),
  actions: fc.array(anyAction(), { maxLength: 60, size: 'max' }),
})

describe('the whole desk under random commands', () => {
  it('keeps the invariants that a host can see', async () => {
    console.log(`whole desk: ${numRuns} sequences of up to 60 commands, FRONTBELL_SEED=${seed}`)
    let checks = 0
    const property = fc.asyncProperty(anyHistory, async ({ staff, policy, actions }) => {
      const [clock, store] = [manualClock(1_000_000), memoryStore()]
      const desk = await openDesk({ staff, policy, clock, store })
      const monitor = await monitorDesk(desk, store)
      await act(desk, clock, actions, async () => {
        await monitor.check()
        checks += 1
      })
      monitor.close()
      await desk.close()
    })
    await fc.assert(property, { seed, numRuns })
    expect(checks).toBeGreaterThan(numRuns)
  })

  it('[I7] gives a repeated commandId the first outcome and changes nothing', async () => {
    let repeats = 0
    const property = fc.asyncProperty(anyHistory, async ({ staff, policy, actions }) => {
      const clock = manualClock(1_000_000)
      const desk = await openDesk({ staff, policy, clock })
      let count = 0
      await act(desk, clock, actions, async (input) => {
        const named = { ...input, commandId: `c${count++}` }
        const first = await desk.execute(named)
        await desk.idle()
        const { version } = desk
        expect(await desk.execute(named)).toEqual(first)
        await desk.idle()
        expect(desk.version).toBe(version)
        repeats += 1
      })
      await desk.close()
    })
    await fc.assert(property, { seed, numRuns })
    expect(repeats).toBeGreaterThan(numRuns)
  })

  it('[I14] notifies other listeners alike, whether or not one listener throws', async () => {
    const property = fc.asyncProperty(anyHistory, async ({ staff, policy, actions }) => {
      let clock = manualClock(0)
      const open = () => {
        clock = manualClock(1_000_000)
        return openDesk({ staff, policy, clock, newId: () => 'x' })
      }
      expect(await faultIsolation(open, (desk) => act(desk, clock, actions))).toBeNull()
    })
    await fc.assert(property, { seed, numRuns })
  })
})

type Input = NonNullable<ReturnType<typeof toCommandInput>>

/** Performs the actions on a whole desk, and calls `afterwards` after each command. */
async function act(
  desk: Desk,
  clock: ReturnType<typeof manualClock>,
  actions: readonly Action[],
  afterwards?: (input: Input) => Promise<void>,
): Promise<void> {
  let opened = 0
  const requestId = (name: string) => {
    if (name === '#new') return `r${opened + 1}`
    return name.startsWith('#') ? `r${opened - Number(name.slice(1))}` : name
  }
  for (const { delay, command } of actions) {
    clock.advance('ms' in delay ? Math.min(delay.ms, 60_000) : 1_000)
    const input = toCommandInput(command, requestId)
    if (input === null) continue
    await desk.execute(input)
    if (command.type === 'requestChat' && command.requestId === '#new') opened += 1
    await afterwards?.(input)
  }
}
