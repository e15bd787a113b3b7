import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as yaml from 'yaml'
import { createDeskSchemas } from '../../src/desk/parse/json-schemas'
import { createMessagesSchema } from '../../src/host/message-schemas'
import { createPortal, type PortalOutcome, type ServerMessage } from '../../src/portal'
import { codeBlocks } from '../repository-checks/code-blocks'
import { root } from '../repository-checks/source-file'
import { closeAll, openServedDesk, waitUntilSent } from './attached-portals'
import { ExchangeRecorder, exchangeNames, exchangePath, isInput, readExchange } from './recorded-exchange'

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

const messages = createMessagesSchema()
const ajv = new Ajv2020({ strictRequired: false, strictTypes: false })
ajv.addSchema(createDeskSchemas().target, 'target.json')
ajv.addSchema({ ...messages, $id: 'messages.json' })
const matchesServer = ajv.compile({ $ref: 'messages.json#/$defs/ServerMessage' })
const matchesClient = ajv.compile({ $ref: 'messages.json#/$defs/ClientMessage' })
const definitions = messages.$defs as Record<string, Readonly<Record<string, never>>>
const operationSchemas = resolve(messages, '#/$defs/UpdateMessage/properties/operations/items/oneOf') as never[]

describe('the recorded exchanges', () => {
  it.each(exchangeNames)('[V48] are what our server and our page make of the same events: %s', async (name) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const recorder = await ExchangeRecorder.open()
    for (const line of readExchange(name).filter(isInput)) await recorder.play(line)
    const text = recorder.lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    await recorder.close()
    await expect(text).toMatchFileSnapshot(exchangePath(name))
  })

  it.each(exchangeNames)(
    '[V48] lead a page that knows nothing but the messages to the same screens: %s',
    async (name) => {
      const portal = createPortal('ana', { now: () => 0 })
      const sent: unknown[] = []
      const notified: unknown[] = []
      const outcomes: Promise<PortalOutcome>[] = []
      portal.onVisitor((visitor) => notified.push(visitor))
      portal.onRevoked((requestId) => notified.push(requestId))
      let connection = portal.open(() => {})
      for (const line of readExchange(name)) {
        if ('open' in line) connection = portal.open((message) => sent.push(message))
        else if ('close' in line) connection.close()
        else if ('user' in line) outcomes.push(portal.execute(line.user))
        else if ('server' in line) connection.receive(line.server)
        else if ('client' in line) expect(sent.shift()).toEqual(line.client)
        else if ('visitor' in line) expect(notified.shift()).toEqual(line.visitor)
        else if ('revoked' in line) expect(notified.shift()).toEqual(line.revoked)
        else if ('outcome' in line) expect(await outcomes.shift()).toEqual(line.outcome)
        else if ('screen' in line) expect(portal.getSnapshot()).toEqual(line.screen)
      }
      connection.close()
      expect([sent, notified, outcomes]).toEqual([[], [], []])
    },
  )

  it('[V48] contain every message, operation and command of the protocol, and nothing else', () => {
    const lines = exchangeNames.flatMap(readExchange)
    const server = lines.flatMap((line) => ('server' in line ? line.server : 'lost' in line ? line.lost : []))
    const client = lines.flatMap((line) => ('client' in line ? line.client : []))
    for (const message of server) expect([matchesServer(message), message]).toEqual([true, message])
    for (const message of client) expect([matchesClient(message), message]).toEqual([true, message])
    const operations = server.flatMap((message) => (message.type === 'update' ? message.operations : []))
    const commands = client.flatMap((message) => (message.type === 'command' ? message.command : []))
    const typesOf = (list: readonly { readonly type: string }[]) => [...new Set(list.map(({ type }) => type))].sort()
    const schemaTypesOf = (schemas: readonly never[]) => schemas.map(typeConstantOf).sort()
    const named = (name: string) => (definitions[name]?.oneOf ?? []).map(({ $ref }) => resolve(messages, $ref) as never)
    expect(typesOf(server)).toEqual(schemaTypesOf(named('ServerMessage')))
    expect(typesOf(client)).toEqual(schemaTypesOf(named('ClientMessage')))
    expect(typesOf(operations)).toEqual(schemaTypesOf(operationSchemas))
    expect(typesOf(commands)).toEqual(
      schemaTypesOf(resolve(messages, '#/$defs/CommandMessage/properties/command/oneOf') as never),
    )
  })
})

describe('asyncapi.yaml', () => {
  const document = yaml.parse(readFileSync(`${root}asyncapi.yaml`, 'utf8'))

  it('[V49] describes every message of schemas/messages.json by a reference to it, in its direction', () => {
    const { messages: byName } = document.components
    for (const [name, { payload, name: type }] of Object.entries<{ payload: { $ref: string }; name: string }>(byName)) {
      expect(payload).toEqual({ $ref: `./schemas/messages.json#/$defs/${name}` })
      expect([name, type]).toEqual([name, typeConstantOf(definitions[name] as never)])
    }
    const schema = JSON.parse(readFileSync(`${root}schemas/messages.json`, 'utf8'))
    expect(schema).toEqual(messages)
    for (const [action, union] of [
      ['send', 'ServerMessage'],
      ['receive', 'ClientMessage'],
    ] as const) {
      const described = Object.values<{ action: string; messages: { $ref: string }[] }>(document.operations)
        .filter((operation) => operation.action === action)
        .flatMap((operation) => operation.messages.map(({ $ref }) => resolve(document, $ref) as { $ref: string }))
        .map(({ $ref }) => $ref.replace('#/components/messages/', '#/$defs/'))
      const oneOf: readonly { readonly $ref: string }[] = definitions[union]?.oneOf ?? []
      expect(described.sort()).toEqual(oneOf.map(({ $ref }) => $ref).sort())
    }
  })

  it('[V49] leads every reference to something, and names the version of the protocol', () => {
    const references: string[] = []
    JSON.stringify(document, (key, value) => {
      if (key === '$ref') references.push(value)
      return value
    })
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references) {
      const [file = '', path = ''] = reference.split('#')
      const target = file === '' ? document : JSON.parse(readFileSync(`${root}${file}`, 'utf8'))
      expect([reference, resolve(target, `#${path}`)]).not.toEqual([reference, undefined])
    }
    const { protocol } = resolve(messages, '#/$defs/SnapshotMessage/properties') as { protocol: { const: number } }
    expect(document.info.version).toBe(`${protocol.const}.0.0`)
  })
})

describe('docs/reference/protocol.md', () => {
  const text = readFileSync(`${root}docs/reference/protocol.md`, 'utf8')
  const page = { path: 'docs/reference/protocol.md', text }

  it('[V49] shows messages that are messages, one of each type', () => {
    const shown = codeBlocks(page)
      .filter(({ language }) => language === 'json')
      .map(({ code }) => JSON.parse(code))
    const { length } = [...(definitions.ServerMessage?.oneOf ?? []), ...(definitions.ClientMessage?.oneOf ?? [])]
    for (const message of shown) {
      expect([matchesServer(message) || matchesClient(message), message]).toEqual([true, message])
    }
    expect(new Set(shown.map(({ type }) => type)).size).toBe(length)
  })

  it('[V49] has a row for each operation and each kind of line of the recordings', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    const kinds = exchangeNames.flatMap(readExchange).flatMap((line) => Object.keys(line))
    expect(new Set(rows)).toEqual(new Set([...operationSchemas.map(typeConstantOf), ...kinds]))
  })
})

describe('versions of the protocol', () => {
  it('[P22] end the connection of a page of another version, silently, until a server of its own version comes', () => {
    const portal = createPortal('ana', { now: () => 0 })
    const exchange = readExchange('ring-and-accept.jsonl')
    const ringing = exchange.flatMap((line) => ('server' in line ? line.server : []))
    const [snapshot] = ringing
    const sent: unknown[] = []
    const newer = portal.open((message) => sent.push(message))
    for (const message of ringing.slice(0, 4)) newer.receive(message)
    const live = portal.getSnapshot()
    expect(live).toMatchObject({ connection: 'live', bell: 'ringing' })
    for (const protocol of [1, 3, undefined]) {
      const other = portal.open((message) => sent.push(message))
      other.receive({ ...snapshot, protocol } as ServerMessage)
      expect(portal.getSnapshot()).toEqual({ ...live, connection: 'outdated', bell: 'silent' })
      other.receive({ type: 'ping', version: 99 })
    }
    expect(sent).toEqual([])
    const own = portal.open(() => {})
    own.receive(snapshot as ServerMessage)
    expect(portal.getSnapshot().connection).toBe('live')
    own.close()
  })

  it('[V48] let a page of protocol 1 take no update for an empty one: it asks for a snapshot at the next ping', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { desk, server } = await openServedDesk(['ana'])
    const bundle = readFileSync(`${root}test/fixtures/protocol/page-of-protocol-1.js.txt`, 'utf8')
    const old: typeof createPortal = new Function(`${bundle}; return page.createPortal`)()
    const portal = old('ana', { now: () => 0 })
    const sent: string[] = []
    const client = portal.open((message) => {
      sent.push(message.type)
      void connection.receive(message)
    })
    const connection = server.attach({ staffId: 'ana', send: (_, text) => client.receive(JSON.parse(text())) })
    await waitUntilSent(desk)
    const { version } = portal.getSnapshot()
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    await waitUntilSent(desk)
    expect(portal.getSnapshot()).toMatchObject({ version, ringing: [] })
    vi.advanceTimersByTime(10_000)
    await waitUntilSent(desk)
    expect([...sent].sort()).toEqual(['pong', 'resync'])
    expect(portal.getSnapshot()).toMatchObject({ version: desk.version, ringing: [{ requestId: 'r1' }] })
    client.close()
  })
})

/** Returns what a JSON pointer leads to. */
function resolve(document: unknown, reference: string): unknown {
  const segments = reference.split('/').slice(1)
  return segments.reduce<unknown>((part, segment) => (part as Record<string, unknown> | undefined)?.[segment], document)
}

const typeConstantOf = (schema: { readonly properties: { readonly type: { readonly const: string } } }) =>
  schema.properties.type.const
