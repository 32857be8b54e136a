import { expect, it } from 'vitest'
import { createDiskReserve } from './disk-reserve.ts'

const open = (freeBytes: number) => {
  const disk = { freeBytes, nowMs: 0, looks: 0 }
  const reserve = createDiskReserve(
    1_000,
    () => {
      disk.looks += 1
      return disk.freeBytes
    },
    () => disk.nowMs,
  )
  return { disk, reserve }
}

it('is touched from one byte less than the reserve on', () => {
  expect(open(1_000).reserve.isTouched()).toBe(false)
  expect(open(999).reserve.isTouched()).toBe(true)
})

it('does not look at the disk for every batch, and finds room again a little later', () => {
  const { disk, reserve } = open(0)
  for (let n = 0; n < 50; n += 1) expect(reserve.isTouched()).toBe(true)
  expect(disk.looks).toBe(1)
  disk.freeBytes = 5_000
  disk.nowMs += 100
  expect(reserve.isTouched()).toBe(false)
  expect(disk.looks).toBe(2)
})

it('says it as the engine does when it is asked to check, and what it found counts at once', () => {
  const { disk, reserve } = open(5_000)
  expect(() => reserve.check()).not.toThrow()
  disk.freeBytes = 10
  expect(() => reserve.check()).toThrow('fewer than 1000 bytes are free')
  expect(reserve.isTouched()).toBe(true)
})
