import { expect, it, vi } from 'vitest'

it('[D16] views of what was set are frozen all the way down, also in production', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  vi.resetModules()
  const production = await import('../../src')
  const desk = await production.openDesk({ staff: [{ id: 'ana', teams: ['servers'] }] })
  vi.unstubAllEnvs()
  const teams = desk.roster()[0]?.teams as string[]
  expect(() => teams.push('billing')).toThrow(TypeError)
  expect(Object.isFrozen(desk.requests())).toBe(false)
  expect([desk.policy, desk.shifts, desk.workflows].every((view) => Object.isFrozen(view))).toBe(true)
})
