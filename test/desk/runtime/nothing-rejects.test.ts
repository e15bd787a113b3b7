import { describe, expect, it, vi } from 'vitest'
import { type CommandInput, DeskError, manualClock, memoryStore, openDesk, systemClock } from '../../../src'
import { commandTypes } from '../../../src/desk/parse/parse-command'
import { FaultyStore } from '../cluster/faulty-store'
import { openTestNode, storeWithSystemTime } from '../cluster/test-node'
import { openStaffedDesk, openTestDesk } from '../test-desk'

/** Every part that any command has; a command takes those that it knows. */
const parts = {
  ...{ requestId: 'r1', visitorId: 'v1', staffId: 'ana', sessionId: 'tab', by: 'ana', name: 'w', forMs: 1 },
  ...{ facts: {}, to: 'everyone', availability: 'away', staff: { id: 'cy' }, workflows: [], shifts: [], policy: {} },
  workflow: { name: 'w', conditions: { all: [] }, event: { type: 'tag', params: { tags: [] } } },
}
const conditions = { all: [{ fact: 'topic', operator: 'equal', value: 'server' }] }
const tag = { name: 'Tagged', conditions, event: { type: 'tag', params: { tags: ['server'] } } }

/** Returns one command of each type, which only a state could refuse. */
async function everyCommand(): Promise<CommandInput[]> {
  const desk = await openDesk()
  const commands: CommandInput[] = []
  for (const type of commandTypes) {
    const attempt = (input: object) => desk.execute({ type, ...input } as never)
    const needed: Record<string, unknown> = {}
    // Malformed input names each part that is missing.
    for (const [name, value] of Object.entries(parts)) {
      const issues = await attempt(needed).then(
        () => [],
        ({ issues: found }) => found as { path: unknown[] }[],
      )
      if (issues.some(({ path }) => path[0] === name)) needed[name] = value
    }
    commands.push({ type, ...needed } as never)
  }
  return commands
}

const closed = { ok: false, code: 'unavailable', reason: 'closed', retry: false, message: expect.any(String) }

describe('a desk that cannot execute commands', () => {
  it.each([
    ['in this process', () => memoryStore()],
    ['behind a network', () => new FaultyStore(memoryStore())],
  ])('[D80] rejects no command on a store %s when it is closed, nor sync and close', async (_, makeStore) => {
    const desk = await openDesk({ store: makeStore(), staff: [{ id: 'ana' }] })
    await desk.close()
    const commands = (await everyCommand()).filter(({ type }) => type !== 'setWorkflow' && type !== 'setRoster')
    expect(commands.length).toBeGreaterThan(25)
    for (const command of commands) expect(await desk.execute(command)).toEqual(closed)
    expect(await desk.sync()).toEqual(closed)
    expect(await desk.close()).toBeUndefined()
  })

  it('[D80] rejects nothing while its store stalls, and answers each command that waited', async () => {
    const { desk, store, received } = await openTestNode('one', storeWithSystemTime())
    store.isDisconnected = true
    const waiting = [desk.visitorArrived({ visitorId: 'v1' }), desk.connect('ana', 'tab'), desk.sync()]
    await vi.waitFor(() => expect(received).toContain('stale: stale'), { timeout: 30_000 })
    const codes = (await Promise.all(waiting)).map((outcome) => !outcome.ok && outcome.code)
    expect(new Set(codes)).toEqual(new Set(['outcome-unknown', 'unavailable']))
    expect(await desk.visitorArrived({ visitorId: 'v1' })).toMatchObject({ code: 'unavailable', reason: 'stale' })
    await desk.close()
  })

  it('[D80] closes although its store does not, and reports that', async () => {
    const store = memoryStore()
    const { desk, errors } = await openTestDesk({ store })
    vi.spyOn(store, 'close').mockRejectedValue(new Error('no disk'))
    expect(await desk.close()).toBeUndefined()
    expect(errors).toMatchObject([{ code: 'store-failed', cause: new Error('no disk') }])
  })

  it('[D80] rejects its opening, which has no desk to answer for it', async () => {
    const store = new FaultyStore(memoryStore())
    store.beforeAppend = () => Promise.reject(new DeskError('closed', 'Desk "acme" was erased: open it anew.'))
    const opening = openDesk({ store, clock: systemClock, staff: [{ id: 'ana' }] })
    await expect(opening).rejects.toMatchObject({ name: 'DeskError', code: 'closed' })
  })

  it('[D80] refuses with the reason when a store in this process throws, and goes on with what others append', async () => {
    const store = memoryStore()
    const { desk, errors, edges } = await openStaffedDesk(['ana'], { store })
    const second = await openTestDesk({ store })
    vi.spyOn(store, 'appendSync').mockImplementationOnce(() => {
      throw new Error('no disk')
    })
    const failed = { ok: false, code: 'unavailable', reason: 'store-failed', retry: true }
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject(failed)
    expect(errors).toMatchObject([{ code: 'store-failed', cause: new Error('no disk') }])
    await second.desk.requestChat({ requestId: 'r2', visitorId: 'v2' })
    await vi.waitFor(() => expect(edges).toEqual(['ring r2 → ana']))
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true })
  })

  it('[D80] reroutes nothing by workflows that the store has not taken', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana'], { store })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    const append = vi.spyOn(store, 'appendSync').mockReturnValue(null)
    const outcome = await desk.setWorkflows([tag], { reroute: true })
    expect(outcome).toMatchObject({ ok: false, code: 'unavailable' })
    expect(outcome).not.toHaveProperty('rerouted')
    append.mockRestore()
    expect(await desk.setWorkflows([tag], { reroute: true })).toMatchObject({ ok: true, rerouted: 1 })
  })

  it('[D80] refuses when a store in this process refuses the next entry, and goes on once it takes it', async () => {
    const store = memoryStore()
    const { desk, errors } = await openStaffedDesk(['ana'], { store })
    const append = vi.spyOn(store, 'appendSync').mockReturnValue(null)
    const failed = { ok: false, code: 'unavailable', reason: 'store-failed', retry: true }
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject(failed)
    expect(errors).toMatchObject([{ code: 'store-failed' }])
    append.mockRestore()
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true })
  })

  it('[D80] refuses when a store in this process cannot be read, and follows it once it can', async () => {
    const store = memoryStore()
    const { desk, errors } = await openStaffedDesk(['ana'], { store })
    vi.spyOn(store, 'read').mockRejectedValueOnce(new Error('no disk'))
    expect(await desk.sync()).toMatchObject({ ok: false, code: 'unavailable', reason: 'store-failed' })
    expect(errors).toHaveLength(1)
    expect(await desk.sync()).toEqual({ ok: true })
  })

  it('[D83] refuses what a defect makes fail, reports it, and executes the next command', async () => {
    const clock = manualClock()
    const { desk, errors } = await openStaffedDesk(['ana'], { clock })
    const version = desk.version
    vi.spyOn(clock, 'now').mockImplementationOnce(() => {
      throw new Error('no time')
    })
    const failed = { ok: false, code: 'unavailable', reason: 'command-failed', retry: false }
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject(failed)
    expect(errors).toMatchObject([{ name: 'DeskError', code: 'command-failed' }])
    expect(desk.version).toBe(version)
    expect(await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })).toMatchObject({ ok: true })
  })
})

describe('a command whose answer is lost', () => {
  it('[D81] is answered with an id, by which the same is found again at another node', async () => {
    const store = storeWithSystemTime()
    const [one, two] = [await openTestNode('one', store), await openTestNode('two', store)]
    one.store.afterAppend = () => new Promise(() => {})
    const outcome = await one.desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    expect(outcome).toMatchObject({ ok: false, code: 'outcome-unknown' })
    const commandId = !outcome.ok && outcome.code === 'outcome-unknown' ? outcome.commandId : null
    await two.desk.sync()
    const opened: string[] = []
    two.desk.on('request.opened', ({ requestId }) => opened.push(requestId))
    const again = await two.desk.requestChat({ requestId: 'r1', visitorId: 'v1', commandId: String(commandId) })
    expect(again).toEqual({ ok: true, requestId: 'r1', duplicate: false })
    expect([opened, two.desk.requests().length]).toEqual([[], 1])
  })

  it.each(['frontbell:', 'frontbell:one', 'frontbell::1x'])(
    '[D82] has an id, not one such as %s',
    async (commandId) => {
      const desk = await openDesk()
      await expect(desk.requestChat({ requestId: 'r1', visitorId: 'v1', commandId })).rejects.toThrow(
        'commandId: expected an id that does not begin with "frontbell:", unless an outcome-unknown gave it',
      )
      await expect(desk.cancel('r1', { commandId })).rejects.toThrow('commandId')
      expect(await desk.cancel('r1', { commandId: `my-${commandId}` })).toMatchObject({ code: 'unknown-request' })
    },
  )
})
