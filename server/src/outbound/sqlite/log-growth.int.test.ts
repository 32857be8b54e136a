import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createCheckpoints, walSpaceOf } from './checkpoints.ts'
import { createLogGrowth } from './log-growth.ts'
import { openFiller } from './testing/filler-file.ts'

const open = () => {
  const filler = openFiller()
  const { release } = createCheckpoints(
    filler.db,
    walSpaceOf(filler.path, () => Infinity),
  )
  release()
  return { ...filler, release, growth: createLogGrowth(filler.db) }
}

it('is what a checkpoint adds to the file, to the byte', () => {
  const { path, fill, release, growth } = open()
  const before = statSync(path).size
  expect(growth()).toBe(0)
  for (let n = 0; n < 5; n += 1) fill(100_000)
  const expected = growth()
  expect(expected).toBeGreaterThan(450_000)
  release()
  expect(statSync(path).size - before).toBe(expected)
  expect(growth()).toBe(0)
})

it('stays as long as a reader keeps the log from going back', () => {
  const { fill, release, growth, beginReading, endReading } = open()
  beginReading()
  fill(100_000)
  release()
  expect(growth()).toBeGreaterThan(90_000)
  endReading()
  release()
  expect(growth()).toBe(0)
})
