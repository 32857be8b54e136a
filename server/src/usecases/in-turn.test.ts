import { expect, it } from 'vitest'
import { createTurns } from './in-turn.ts'

const createLatch = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

it('whoever is alone waits for the turns that have begun, and later ones wait for it', async () => {
  const { inTurn, alone } = createTurns()
  const [first, middle] = [createLatch(), createLatch()]
  const told: string[] = []
  const note =
    (what: string, after: Promise<void> = Promise.resolve()) =>
    async () => {
      await after
      told.push(what)
    }
  const turns = [inTurn('a', note('a1', first.opened)), inTurn('a', note('a2'))]
  const lone = alone(note('alone', middle.opened))
  turns.push(inTurn('a', note('a3')), inTurn('b', note('b1')))
  expect(told).toEqual([])
  first.open()
  await Promise.all(turns.slice(0, 2))
  expect(told).toEqual(['a1', 'a2'])
  middle.open()
  await Promise.all([lone, ...turns])
  expect(told.slice(0, 3)).toEqual(['a1', 'a2', 'alone'])
  expect(told.slice(3).toSorted()).toEqual(['a3', 'b1'])
})

it('what fails alone, or in a turn, holds nobody up', async () => {
  const { inTurn, alone } = createTurns()
  const fail = () => Promise.reject(new Error('no'))
  const failing = inTurn('a', fail)
  const lone = alone(fail)
  await expect(failing).rejects.toThrow('no')
  await expect(lone).rejects.toThrow('no')
  await expect(inTurn('a', () => Promise.resolve(1))).resolves.toBe(1)
  await expect(alone(() => Promise.resolve(2))).resolves.toBe(2)
})
