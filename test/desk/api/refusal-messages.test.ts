import { describe, expect, it } from 'vitest'
import { DeskError, type DeskErrorCode, type Refusal } from '../../../src'
import { isFailure, refusalMessage, toOutcomeUnknown, toUnavailable } from '../../../src/desk/api/outcome'

const chat = { requestId: 'r1', staffId: 'ana' } as const

const sentences: readonly (readonly [Refusal, string])[] = [
  [{ code: 'unknown-request', requestId: 'r1' }, 'There is no request "r1".'],
  [{ code: 'unknown-staff', staffId: 'ana' }, 'There is no staff member "ana".'],
  [{ code: 'unknown-workflow', name: 'First' }, 'There is no workflow "First".'],
  [{ code: 'request-closed', requestId: 'r1', outcome: 'ended' }, 'Request "r1" has ended.'],
  [{ code: 'request-closed', requestId: 'r1', outcome: 'cancelled' }, 'Request "r1" was cancelled.'],
  [{ code: 'request-closed', requestId: 'r1', outcome: 'abandoned' }, 'Request "r1" was abandoned by its visitor.'],
  [
    { code: 'request-closed', requestId: 'r1', outcome: 'expired' },
    'Request "r1" waited longer than the policy allows.',
  ],
  [{ code: 'taken', requestId: 'r1', by: 'bo' }, 'Request "r1" has been taken by "bo".'],
  [
    { code: 'not-in-audience', ...chat, reason: 'not-targeted' },
    'Request "r1" is not for "ana": not among those it was sent to.',
  ],
  [
    { code: 'not-in-audience', ...chat, reason: 'not-in-team' },
    'Request "r1" is not for "ana": not of the team it was sent to.',
  ],
  [
    { code: 'not-in-audience', ...chat, reason: 'lacks-skill' },
    'Request "r1" is not for "ana": a skill it asks for is missing or too low.',
  ],
  [
    { code: 'not-in-audience', ...chat, reason: 'not-in-shift' },
    'Request "r1" is not for "ana": not of the shift it asks for.',
  ],
  [{ code: 'not-in-audience', ...chat, reason: 'declined' }, 'Request "r1" is not for "ana": it was declined.'],
  [{ code: 'at-capacity', ...chat, load: 2, capacity: 3 }, '"ana" has no room for request "r1": 2 of 3 taken.'],
  [{ code: 'not-assigned', requestId: 'r1' }, 'Nobody has request "r1".'],
  [
    { code: 'limit-exceeded', limit: 'factsBytesMax', max: 16_384 },
    'The merged facts of the request are too large: 16384 bytes are allowed.',
  ],
  [{ code: 'limit-exceeded', limit: 'workflowsMax', max: 10_000 }, 'The desk has as many workflows as it may: 10000.'],
  [{ code: 'limit-exceeded', limit: 'openRequestsMax', max: 500 }, 'The desk is full: openRequestsMax allows 500.'],
  [
    { code: 'limit-exceeded', limit: 'workflowBytesMax', max: 4_194_304 },
    expect.stringMatching(/^The workflows of the desk are too large: 4194304 bytes are allowed/) as unknown as string,
  ],
  [{ code: 'duplicate-id', requestId: 'r1' }, 'The id "r1" has been used for another request.'],
  [{ code: 'conflict', revision: 7 }, 'The workflows or shifts were changed meanwhile: their revision is 7.'],
  [{ code: 'unavailable', reason: 'stale', retry: true }, 'The desk could not execute the command (stale).'],
  [
    { code: 'outcome-unknown', commandId: 'c1' },
    'It is not known whether the command was executed: repeat it with the commandId "c1".',
  ],
  [{ code: 'outcome-unknown', commandId: null }, 'It is not known whether the command was executed: read the desk.'],
]

describe('the sentence of a refusal', () => {
  it.each(sentences)('[D12] says what %j means', (refusal, sentence) => {
    expect(refusalMessage(refusal)).toEqual(sentence)
  })
})

describe('the refusal of a command that failed', () => {
  const ofDesk = ['store-failed', 'store-diverged', 'store-damaged', 'store-newer-schema', 'stale'] as const
  const rows: readonly (readonly [DeskErrorCode, string, boolean])[] = [
    ...ofDesk.map((code) => [code, code, true] as const),
    ['closed', 'closed', false],
    ['command-failed', 'command-failed', false],
    ['listener-failed', 'command-failed', false],
    ['fact-failed', 'command-failed', false],
    ['page-silent', 'command-failed', false],
  ]

  it.each(rows)('[D12] names for the error %s the reason %s, and whether to retry: %s', (code, reason, retry) => {
    const refused = toUnavailable(new DeskError(code, 'no disk'))
    expect(refused).toEqual({
      ...{ ok: false, code: 'unavailable', reason, retry },
      message: `The desk could not execute the command (${reason}). Cause: no disk`,
    })
    expect([Object.isFrozen(refused), isFailure(refused)]).toEqual([true, true])
  })

  it('[D81] names the id to repeat it with, and the cause', () => {
    const refused = toOutcomeUnknown('c1', new DeskError('store-failed', 'no answer'))
    expect(refused).toEqual({
      ...{ ok: false, code: 'outcome-unknown', commandId: 'c1' },
      message: 'It is not known whether the command was executed: repeat it with the commandId "c1". Cause: no answer',
    })
    expect([Object.isFrozen(refused), isFailure(refused)]).toEqual([true, true])
  })

  it('[D12] is no failure when the desk decided against it, and neither is a success', () => {
    const message = 'There is no request "r1".'
    expect(isFailure({ ok: false, code: 'unknown-request', requestId: 'r1', message })).toBe(false)
    expect(isFailure({ ok: true } as never)).toBe(false)
  })
})
