import { describe, it } from 'vitest'
import { manualClock, openDesk } from '../../src'

describe('a desk', () => {
  it('rings', async () => {
    const clock = manualClock(0)
    const desk = await openDesk({ staff: [{ id: 'ana' }, { id: 'bo' }], clock })
    const heard: unknown[] = []
    desk.on('ring', (ring) => heard.push(ring))
    desk.on('stop', (ring) => heard.push(ring))
    desk.on('error', (ring) => heard.push(ring))
    await desk.connect('ana', 'a')
    await desk.connect('bo', 'b')
    console.log(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' }))
    console.log(await desk.mute('r1', 'ana'))
    console.log(desk.awaiting('ana'))
    console.log(await desk.accept('r1', 'bo'))
    console.log(await desk.accept('r1', 'ana'))
    console.dir(heard, { depth: 5 })
    clock.advance(1_000_000)
    await desk.idle()
    console.log(desk.staff('bo'), desk.version)
    console.dir(desk.snapshot(), { depth: 3 })
    await desk.close()
  })
})
