import { describe, expect, it } from 'vitest'
import { manualClock, openDesk, type Staff } from '../../src'

async function aDesk(staff: readonly Staff[] = [{ id: 'ana' }, { id: 'bo' }]) {
  const clock = manualClock(1_800_000_000_000)
  const desk = await openDesk({ staff, policy: { sessionLeaseMs: null, capacity: 100 }, clock })
  for (const { id } of staff) await desk.connect(id, 'tab')
  const ask = (requestId: string) => desk.requestChat({ requestId, visitorId: `v-${requestId}` })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await desk.idle()
  }
  return { desk, ask, pass }
}

describe('what an estimate rests on', () => {
  it('[Q3] takes no sample from what a supervisor assigned or a staff member gave back', async () => {
    const { desk, ask, pass } = await aDesk()
    for (let index = 0; index < 4; index += 1) {
      await ask(`a${index}`)
      await pass(10_000)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('given')
    await desk.assign('given', 'ana', { by: 'bo' })
    await desk.release('given', { by: 'ana' })
    await desk.cancel('given')
    await ask('r1')
    expect(desk.position('r1')).toEqual({ position: 1, estimateMs: null })
  })

  it('[Q3] counts the wait of nobody while there was no request', async () => {
    const { desk, ask, pass } = await aDesk()
    for (let index = 0; index < 5; index += 1) {
      await pass(3_600_000)
      await ask(`a${index}`)
      await desk.accept(`a${index}`, 'ana')
    }
    await ask('r1')
    expect(desk.position('r1')?.estimateMs).toBe(0)
  })
})
