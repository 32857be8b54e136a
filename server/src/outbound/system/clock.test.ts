import { expect, it } from 'vitest'
import { createSystemClock } from './clock.ts'

it('the system clock tells whole milliseconds of now', () => {
  const before = Date.now()
  const told = createSystemClock().nowMs()
  expect(told).toBeGreaterThanOrEqual(before)
  expect(told).toBeLessThanOrEqual(Date.now())
  expect(Number.isInteger(told)).toBe(true)
})
