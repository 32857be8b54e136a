import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

const openPace = () => {
  const clock = { ms: 5_000 }
  return { clock, pace: createPace(() => clock.ms) }
}

it('while calls come, work rests six times as long as it took', () => {
  const { clock, pace } = openPace()
  pace.called()
  expect(pace.isResting()).toBe(false)
  expect(pace.worked(5)).toBe(30)
  expect(pace.isResting()).toBe(true)
  clock.ms += 29
  expect(pace.isResting()).toBe(true)
  clock.ms += 1
  expect(pace.isResting()).toBe(false)
})

it('without a call work does not rest', () => {
  const { pace } = openPace()
  expect(pace.worked(10)).toBe(0)
  expect(pace.isResting()).toBe(false)
})

it('a call in the midst of a rest lets the rest go on', () => {
  const { clock, pace } = openPace()
  pace.worked(5)
  clock.ms += 20
  pace.called()
  expect(pace.isResting()).toBe(true)
  clock.ms += 10
  expect(pace.isResting()).toBe(false)
})

it('a quarter of a second after the last call work does not rest any more', () => {
  const { clock, pace } = openPace()
  pace.called()
  clock.ms += 249
  pace.worked(10)
  expect(pace.isResting()).toBe(true)
  clock.ms += 1
  expect(pace.isResting()).toBe(false)
})

it('no rest is longer than a twentieth of a second', () => {
  const { clock, pace } = openPace()
  pace.worked(60_000)
  clock.ms += 49
  pace.called()
  expect(pace.isResting()).toBe(true)
  clock.ms += 1
  expect(pace.isResting()).toBe(false)
})
