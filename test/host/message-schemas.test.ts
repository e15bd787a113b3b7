import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as z from 'zod/mini'
import { createDeskSchemas } from '../../src/desk/parse/json-schemas'
import {
  type clientMessageSchema,
  createMessagesSchema,
  type serverMessageSchema,
} from '../../src/host/message-schemas'
import { serveStaff } from '../../src/host/serve-staff'
import type { ClientMessage, ServerMessage } from '../../src/portal'
import { openStaffedDesk } from '../desk/test-desk'

const ajv = new Ajv2020({ strictRequired: false, strictTypes: false })
ajv.addSchema(createDeskSchemas().target, 'target.json')
const matches = ajv.compile({ ...createMessagesSchema(), $id: 'messages.json' })

describe('the JSON Schema of the messages', () => {
  it('[W26] describes every message that a server sends and a page may send', async () => {
    const { desk } = await openStaffedDesk(['ana', 'bo'])
    const sent: ServerMessage[] = []
    const server = serveStaff(desk, { flushMs: 0 })
    const connection = server.attach({ staffId: 'ana', send: (message) => void sent.push(message) })
    const received: ClientMessage[] = [
      { type: 'pong' },
      { type: 'resync' },
      { type: 'command', id: '1', command: { type: 'accept', requestId: 'r1' } },
      { type: 'command', id: '2', command: { type: 'transfer', requestId: 'r1', to: { staff: 'bo' } } },
      { type: 'command', id: '3', command: { type: 'accept', requestId: 'r2' } },
    ]
    await desk.visitorArrived({ visitorId: 'v1', facts: { page: 'shop' } })
    await desk.requestChat({ requestId: 'r1', visitorId: 'v1', facts: { list: [1, { a: null }] } })
    for (const message of received) await connection.receive(message)
    await desk.removeStaff('ana')
    server.close()
    expect(new Set(sent.map(({ type }) => type))).toEqual(
      new Set(['snapshot', 'update', 'visitor', 'answer', 'closed']),
    )
    for (const message of [...sent, ...received]) expect([matches(message), message]).toEqual([true, message])
    expect(matches({ type: 'command', id: '1', command: { type: 'accept' } })).toBe(false)
    expect(matches({ type: 'ring' })).toBe(false)
  })

  it('is made of schemas that have the types of the protocol', () => {
    type Server = z.output<typeof serverMessageSchema>
    type Client = z.output<typeof clientMessageSchema>
    const isServerMessage: (message: ServerMessage) => Immutable<Server> = (message) => message
    const isClientMessage: (message: ClientMessage) => Immutable<Client> = (message) => message
    expect([isServerMessage, isClientMessage]).toHaveLength(2)
    expectTypeOf<Server['type']>().toEqualTypeOf<ServerMessage['type']>()
    expectTypeOf<CommandOf<Client>['type']>().toEqualTypeOf<CommandOf<ClientMessage>['type']>()
  })
})

type Immutable<Value> = Value extends object ? { readonly [Key in keyof Value]: Immutable<Value[Key]> } : Value
type CommandOf<Message> = Message extends { command: infer Command } ? Command : never
