import { describe, expect, it } from 'vitest'
import { openStaffedDesk, openTestDesk } from '../test-desk'

describe('input that fights back', () => {
  it('[D40] is refused when it throws while it is read, with what it threw as the cause', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const before = JSON.stringify(desk.snapshot())
    const trap = new Error('trap')
    const sprung = () => {
      throw trap
    }
    const hostile = [
      {
        type: 'requestChat',
        visitorId: 'v1',
        facts: Object.defineProperty({}, 'topic', { get: sprung, enumerable: true }),
      },
      { type: 'requestChat', visitorId: 'v1', facts: new Proxy({}, { ownKeys: sprung }) },
      { type: 'setWorkflows', workflows: new Proxy([], { get: sprung }) },
      { type: 'setStaff', staff: Object.defineProperty({}, 'id', { get: sprung, enumerable: true }) },
    ]
    const issues = [{ path: [], expected: 'values that can be read', got: 'one that throws when it is read' }]
    for (const command of hostile) {
      await expect(desk.execute(command as never)).rejects.toMatchObject({ code: 'invalid-input', cause: trap, issues })
    }
    expect(JSON.stringify(desk.snapshot())).toBe(before)
  })

  it('[D40] lends no word of a command through its prototype', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    const { version } = desk
    const lending = (words: object) => JSON.parse(JSON.stringify({ lent: words }).replace('lent', '__proto__'))
    const unknown = '__proto__: expected one of'
    const chat = { visitorId: 'v1', ...lending({ requestId: 'r1' }) }
    await expect(desk.requestChat(chat)).rejects.toThrow(unknown)
    await expect(desk.accept('r1', 'ana', lending({ commandId: 'c1' }))).rejects.toThrow(unknown)
    await expect(desk.execute({ type: 'accept', ...lending({ requestId: 'r1' }) } as never)).rejects.toThrow(unknown)
    expect(desk.version).toBe(version)
  })

  it('[D40] has no request without a name when the host makes up none', async () => {
    const { desk, edges } = await openTestDesk({ newId: () => '' })
    await expect(desk.requestChat({ visitorId: 'v1' })).rejects.toThrow(
      'newId: expected text of 1 to 256 characters, got ""',
    )
    expect(edges).toEqual([])
  })

  it('[D40] is refused as a listener of an unknown type, or one that is no function', async () => {
    const { desk } = await openStaffedDesk(['ana'])
    expect(() => desk.on('rings' as never, () => {})).toThrow(/^type: expected one of ring, stop, .*, got "rings"$/)
    expect(() => desk.on('ring', null as never)).toThrow('listener: expected a function, got null')
  })
})
