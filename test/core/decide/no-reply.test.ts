import { describe, expect, it } from 'vitest'
import { completeRoute, requestView } from '../../../src/core'
import { DeskFixture } from '../desk-fixture'

describe('a chat to which nobody replies', () => {
  it('[K8] gives a chat back without the silent one when firstReplyMs passes, unless they replied', () => {
    const scene = new DeskFixture({ firstReplyMs: 30_000 }).present('ana', 'bo')
    for (const id of ['r1', 'r2']) {
      scene.open(id)
      scene.execute({ type: 'accept', requestId: id, staffId: 'ana' })
    }
    scene.execute({ type: 'replied', requestId: 'r1' })
    scene.takeEdges()
    scene.pass(30_000)
    expect(scene.takeEdges()).toEqual(['ring r2: bo'])
    expect(scene.execute({ type: 'accept', requestId: 'r2', staffId: 'ana' })).toMatchObject({ ok: true })
  })

  it('[K8] gives a chat back to the ring without the staff member who did not reply in time', () => {
    const scene = new DeskFixture({ firstReplyMs: 30_000 }).present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.pass(29_999)
    expect(scene.count('request.released')).toBe(0)
    scene.pass(1)
    expect(scene.events.findLast(({ type }) => type === 'request.released')).toMatchObject({
      staffId: 'ana',
      by: 'ana',
      cause: 'no-reply',
      exclude: false,
    })
    expect(scene.takeEdges()).toEqual(['ring r1: bo'])
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })
    scene.execute({ type: 'replied', requestId: 'r1' })
    expect(scene.events.findLast(({ type }) => type === 'request.replied')).toMatchObject({ staffId: 'bo' })
    scene.takeEdges()
    scene.pass(3_600_000)
    expect(scene.count('request.released')).toBe(1)
    expect([requestView(scene.state, 'r1')?.assignment?.staffId, scene.takeEdges()]).toEqual(['bo', []])
  })

  it('[K8] rings the silent one again when a reminder or a step lifts mutes, and leaves nobody unattended', () => {
    const scene = new DeskFixture({ firstReplyMs: 30_000 }).present('ana')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    scene.takeEdges()
    scene.pass(30_000)
    expect(scene.takeEdges()).toEqual([])
    expect(scene.events.at(-1)).toMatchObject({ type: 'request.unattended', cause: 'all-muted' })
    scene.pass(60_000)
    expect(scene.takeEdges()).toEqual(['ring r1: ana'])
  })
})

describe('a reply that is owed', () => {
  const accepted = () => {
    const scene = new DeskFixture({ replyMs: 30_000, firstReplyMs: null }).present('ana', 'bo')
    scene.open('r1')
    scene.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
    return scene
  }
  const give = { type: 'assign', requestId: 'r1', staffId: 'bo', by: 'sue' } as const
  const reports = (scene: DeskFixture) =>
    scene.events.filter((event) => event.type === 'request.unattended' && event.cause === 'no-reply').length

  it('[K18] goes with a chat that a supervisor gives to another, and none comes by that alone', () => {
    const owed = accepted()
    owed.execute({ type: 'visitorWrote', requestId: 'r1' })
    owed.execute(give)
    owed.pass(30_000)
    expect(reports(owed)).toBe(1)
    const answered = accepted()
    answered.execute({ type: 'visitorWrote', requestId: 'r1' })
    answered.execute({ type: 'replied', requestId: 'r1' })
    answered.execute(give)
    expect(reports(answered.pass(60_000))).toBe(0)
  })

  it('[K18] goes with a chat that is transferred or released, and none comes by that alone', () => {
    const route = completeRoute({ to: { staff: 'bo' } })
    const transfer = { type: 'transfer', requestId: 'r1', by: 'ana', route } as const
    const release = { type: 'release', requestId: 'r1', by: 'ana', exclude: true } as const
    for (const giveBack of [transfer, release]) {
      for (const isOwed of [true, false]) {
        const scene = accepted()
        scene.execute({ type: 'visitorWrote', requestId: 'r1' })
        if (!isOwed) scene.execute({ type: 'replied', requestId: 'r1' })
        scene.execute(giveBack)
        scene.execute({ type: 'accept', requestId: 'r1', staffId: 'bo' })
        scene.pass(30_000)
        expect([giveBack.type, reports(scene)]).toEqual([giveBack.type, isOwed ? 1 : 0])
      }
    }
  })

  it('[N8] is not reported again because another policy changes', () => {
    const scene = accepted()
    scene.execute({ type: 'visitorWrote', requestId: 'r1' })
    scene.pass(30_000)
    scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, wrapUpMs: 5 } })
    scene.pass(1_000)
    scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, wrapUpMs: 6 } })
    scene.pass(1_000)
    expect(reports(scene)).toBe(1)
    scene.execute({ type: 'setPolicy', policy: { ...scene.state.policy, replyMs: 40_000 } })
    scene.pass(8_000)
    expect(reports(scene)).toBe(2)
  })
})
