import { type CheckedConfiguration, everyRequest } from '../../../src/testing'

const office = (id: string, timeZone: string) => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  return { id, timeZone, weekly: [{ days, from: '09:00', to: '17:00' }] }
}
export const staff = [
  { id: 'ana', teams: ['legal'], shifts: ['us', 'night'] },
  { id: 'bo', teams: ['servers'], shifts: ['us'] },
  { id: 'cy', teams: ['servers'], shifts: ['night'] },
]
export const night = {
  id: 'night',
  timeZone: 'America/New_York',
  weekly: [{ days: office('', '').weekly[0]?.days ?? [], from: '17:00', to: '09:00' }],
}
export const shifts = [office('us', 'America/New_York'), night]

export const workflow = (name: string, conditions: object, params: object) => ({
  name,
  conditions,
  event: { type: 'route', params },
})
export const is = (fact: string, value: unknown) => ({ all: [{ fact, operator: 'equal', value }] })
export const us = workflow('US', is('country', 'US'), {
  steps: [{ to: { shift: 'us' } }, { to: 'everyone', afterMs: 30_000 }],
})
export const legal = workflow('Legal', is('topic', 'legal'), {
  steps: [{ to: { team: 'legal' } }],
  whenExhausted: 'hold',
})
const vip = workflow('VIP', is('vip', true), {
  steps: [{ to: { team: 'legal' } }, { to: 'everyone', afterMs: 30_000 }],
})

/** Four properties that hold for `validConfiguration`. */
export const sampleProperties = {
  'every request from the US is rung by somebody of the US shift while that shift is on': everyRequest({
    country: 'US',
  })
    .whileOnShift('us')
    .isRungBy({ shift: 'us' }),
  'no VIP waits for a step longer than 30 s': everyRequest({ vip: true }).startsNextStepWithin(30_000),
  'nobody outside legal ever sees topic legal': everyRequest({ topic: 'legal' }).isSeenOnlyBy({ team: 'legal' }),
  'no request is left unattended at any hour of the week': everyRequest().isNeverUnattended(),
}
export const validConfiguration: CheckedConfiguration = { staff, shifts, workflows: [legal, vip, us] }
