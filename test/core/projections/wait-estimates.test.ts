import { describe, expect, it } from 'vitest'
import { manualClock, openDesk, type Staff } from '../../../src'
import { placeInQueue } from '../../../src/core/projections/wait-estimates'
import { DeskFixture } from '../desk-fixture'

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

  it('[Q3] gives none to the next three after one staff member accepted six chats at once', async () => {
    const { desk, ask } = await aDesk([{ id: 'ana', capacity: 1 }])
    for (let index = 0; index < 6; index += 1) {
      if (index > 0) await desk.end(`a${index - 1}`)
      await ask(`a${index}`)
      await desk.accept(`a${index}`, 'ana')
    }
    for (const id of ['r1', 'r2', 'r3']) await ask(id)
    expect(['r1', 'r2', 'r3'].map((id) => desk.position(id))).toEqual([
      { position: 1, estimateMs: null },
      { position: 2, estimateMs: null },
      { position: 3, estimateMs: null },
    ])
  })

  it('[Q3] is not changed by requests accepted at once', async () => {
    const { desk, ask, pass } = await aDesk([{ id: 'ana', capacity: 1 }])
    await ask('a0')
    await desk.accept('a0', 'ana')
    const acceptNextAfterAMinute = async (index: number) => {
      await ask(`a${index}`)
      await pass(60_000)
      await desk.end(`a${index - 1}`)
      await desk.accept(`a${index}`, 'ana')
    }
    for (let index = 1; index <= 5; index += 1) await acceptNextAfterAMinute(index)
    await desk.end('a5')
    for (let index = 0; index < 20; index += 1) {
      await ask(`b${index}`)
      await desk.accept(`b${index}`, 'ana')
      await desk.end(`b${index}`)
    }
    await ask('last')
    await desk.accept('last', 'ana')
    await ask('r1')
    await ask('r2')
    expect(desk.position('r1')).toEqual({ position: 1, estimateMs: 60_000 })
    expect(desk.position('r2')).toEqual({ position: 2, estimateMs: 120_000 })
  })

  it('[Q3] takes no sample from requests that free staff accepted at once', async () => {
    const { desk, ask, pass } = await aDesk()
    const acceptAfter = async (id: string, waitMs: number) => {
      await ask(id)
      await pass(waitMs)
      await desk.accept(id, 'ana')
    }
    for (let index = 0; index < 5; index += 1) await acceptAfter(`a${index}`, 0)
    await ask('r1')
    expect(desk.position('r1')?.estimateMs).toBeNull()
    await desk.cancel('r1')
    for (let index = 0; index < 5; index += 1) await acceptAfter(`b${index}`, 8_000)
    for (let index = 0; index < 20; index += 1) await acceptAfter(`c${index}`, 0)
    await ask('r2')
    expect(desk.position('r2')?.estimateMs).toBe(8_000)
  })

  it('[Q3] divides a wait by the places in the queue that it went through', async () => {
    const { desk, ask, pass } = await aDesk([{ id: 'ana', capacity: 1 }])
    await ask('a0')
    await desk.accept('a0', 'ana')
    for (let index = 1; index <= 5; index += 1) await ask(`a${index}`)
    for (let index = 1; index <= 5; index += 1) {
      await pass(60_000)
      await desk.end(`a${index - 1}`)
      await desk.accept(`a${index}`, 'ana')
    }
    for (const id of ['r1', 'r2', 'r3']) await ask(id)
    expect(desk.position('r3')).toEqual({ position: 3, estimateMs: 180_000 })
  })

  it('[Q6] keeps waits for an answer of free staff apart from waits for busy staff', async () => {
    const { desk, ask, pass } = await aDesk([{ id: 'ana', capacity: 1 }])
    const acceptAfter = async (id: string, waitMs: number) => {
      await ask(id)
      await pass(waitMs)
      await desk.accept(id, 'ana')
    }
    for (let index = 0; index < 5; index += 1) {
      await acceptAfter(`a${index}`, 8_000)
      await desk.end(`a${index}`)
    }
    await acceptAfter('busy0', 8_000)
    await ask('busy1')
    expect(desk.position('busy1')?.estimateMs).toBeNull()
    for (let index = 1; index <= 5; index += 1) {
      await pass(300_000)
      await desk.end(`busy${index - 1}`)
      await desk.accept(`busy${index}`, 'ana')
      await ask(`busy${index + 1}`)
    }
    expect(desk.position('busy6')).toEqual({ position: 1, estimateMs: 300_000 })
    await desk.end('busy5')
    expect(desk.position('busy6')).toEqual({ position: 1, estimateMs: 8_000 })
    await ask('after')
    expect(desk.position('after')).toEqual({ position: 2, estimateMs: 300_000 })
  })

  it('[Q6] counts staff without room for the weight of a request as busy', async () => {
    const { desk, ask, pass } = await aDesk([{ id: 'ana', capacity: 2 }])
    await ask('small')
    await desk.accept('small', 'ana')
    for (let index = 0; index < 5; index += 1) {
      await desk.requestChat({ requestId: `a${index}`, visitorId: `v${index}`, weight: 2 })
      await pass(60_000)
      await desk.end(index === 0 ? 'small' : `small${index - 1}`)
      await desk.accept(`a${index}`, 'ana')
      await desk.end(`a${index}`)
      await ask(`small${index}`)
      await desk.accept(`small${index}`, 'ana')
    }
    await desk.requestChat({ requestId: 'r1', visitorId: 'v', weight: 2 })
    expect(desk.position('r1')?.estimateMs).toBe(60_000)
    await desk.cancel('r1')
    await ask('r2')
    expect(desk.position('r2')?.estimateMs).toBe(0)
  })
})

describe('the place in the queue', () => {
  it('[Q6] counts the room of a staff member whom several steps ring once', () => {
    const scene = new DeskFixture({ capacity: 3 }).present({ id: 'ana', teams: ['a'] }, { id: 'bo', capacity: 1 })
    scene.open('r1', { steps: [{ to: { team: 'a' } }, { to: 'everyone', afterMs: 1_000 }] })
    const request = scene.state.requests.get('r1')
    if (request === undefined) throw new Error('expected r1 to be open')
    expect(placeInQueue(request, 3)).toEqual({ places: 3, isCovered: true })
    expect(placeInQueue(request, 4)).toEqual({ places: 1, isCovered: false })
    scene.pass(1_000)
    expect(request.activeAudiences).toHaveLength(2)
    expect(placeInQueue(request, 4)).toEqual({ places: 4, isCovered: true })
    expect(placeInQueue(request, 6)).toEqual({ places: 2, isCovered: false })
  })
})

describe('the place in the queue at a large desk', () => {
  it('counts one slot for each free staff member of more than two hundred', () => {
    const placesOf = (staffCount: number) => {
      const scene = new DeskFixture({ capacity: 2 }).present(...Array.from({ length: staffCount }, (_, i) => `s${i}`))
      scene.open('r1')
      const request = scene.state.requests.get('r1')
      return request === undefined ? undefined : placeInQueue(request, 300)
    }
    expect(placesOf(200)).toEqual({ places: 300, isCovered: true })
    expect(placesOf(201)).toEqual({ places: 99, isCovered: false })
  })
})
