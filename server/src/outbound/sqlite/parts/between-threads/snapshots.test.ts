import { expect, it } from 'vitest'
import { createSnapshotMemory, isPast, openSnapshotMark, releaseMark } from './snapshots.ts'

it('nothing is let go of while a reader looks at it or is about to', () => {
  const memory = createSnapshotMemory(2)
  const [one, other] = [openSnapshotMark(memory, 0), openSnapshotMark(memory, 1)]
  expect(isPast(memory, 7)).toBe(true)
  one.begin()
  expect(isPast(memory, 7)).toBe(false)
  one.hold(7)
  expect(isPast(memory, 7)).toBe(true)
  other.begin()
  other.hold(6)
  expect(isPast(memory, 7)).toBe(false)
  other.end()
  expect(isPast(memory, 7)).toBe(true)
})

it('a reader that has died keeps nothing', () => {
  const memory = createSnapshotMemory(2)
  openSnapshotMark(memory, 1).begin()
  releaseMark(memory, 1)
  expect(isPast(memory, 1)).toBe(true)
})
