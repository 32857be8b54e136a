import { expect, it } from 'vitest'
import { createCheckpoints, walSpaceOf } from './checkpoints.ts'
import { openFiller } from './testing/filler-file.ts'

it('the space of a log comes back at once, or when its reader has read', () => {
  const { path, db, fill, beginReading, endReading } = openFiller()
  const space = walSpaceOf(path, () => Infinity)
  const { release } = createCheckpoints(db, space)
  fill(100_000)
  expect(release()).toBe(true)
  expect(space.bytes()).toBe(0)
  fill(100_000)
  beginReading()
  fill(100_000)
  expect(release()).toBe(false)
  expect(space.bytes()).toBeGreaterThan(200_000)
  endReading()
  expect(release()).toBe(true)
  expect(space.bytes()).toBe(0)
})
