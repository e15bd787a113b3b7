import { describe, expect, it } from 'vitest'
import { completeRoute } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

const routingResult = { workflow: null, route: completeRoute({ to: 'everyone' }), priority: 0, tags: [] }

function requestChat(desk: DeskFixture, requestId: string) {
  return desk.execute({ type: 'requestChat', requestId, visitorId: 'v1', facts: {}, weight: null, routingResult })
}

describe('a visitor who asks again', () => {
  it('[C12] gets the chat back while in a chat, and nothing rings', () => {
    const desk = new DeskFixture().present('ana', 'bo')
    requestChat(desk, 'r1')
    desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    desk.takeEdges()
    expect(requestChat(desk, 'r2')).toEqual({ ok: true, requestId: 'r1', duplicate: true })
    expect(desk.takeEdges()).toEqual([])
    desk.execute({ type: 'end', requestId: 'r1' })
    expect(requestChat(desk, 'r2')).toMatchObject({ requestId: 'r2', duplicate: false })
  })

  it('[C12] gets the newest open request back beyond the maximum, else the newest chat', () => {
    const desk = new DeskFixture({ requestsPerVisitorMax: 3 }).present('ana')
    for (const requestId of ['r1', 'r2', 'r3']) expect(requestChat(desk, requestId)).toMatchObject({ duplicate: false })
    desk.execute({ type: 'accept', requestId: 'r3', staffId: 'ana' })
    expect(requestChat(desk, 'r4')).toEqual({ ok: true, requestId: 'r2', duplicate: true })
    for (const requestId of ['r1', 'r2']) desk.execute({ type: 'accept', requestId, staffId: 'ana' })
    expect(requestChat(desk, 'r4')).toEqual({ ok: true, requestId: 'r3', duplicate: true })
    desk.execute({ type: 'end', requestId: 'r1' })
    expect(requestChat(desk, 'r4')).toMatchObject({ requestId: 'r4', duplicate: false })
  })

  it('[C12] keeps what there is when the maximum is lowered', () => {
    const desk = new DeskFixture({ requestsPerVisitorMax: 2 }).present('ana')
    requestChat(desk, 'r1')
    requestChat(desk, 'r2')
    desk.execute({ type: 'setPolicy', policy: { ...desk.state.policy, requestsPerVisitorMax: 1 } })
    expect(requestChat(desk, 'r3')).toEqual({ ok: true, requestId: 'r2', duplicate: true })
    expect(desk.state.requests.size).toBe(2)
  })
})
