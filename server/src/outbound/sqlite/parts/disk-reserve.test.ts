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
  expect(() => reserve.check()).toThrow('fewer than 1125 bytes are free')
  expect(reserve.isTouched()).toBe(true)
})

it('once touched, has to be whole and an eighth besides', () => {
  const { disk, reserve } = open(999)
  expect(reserve.isTouched()).toBe(true)
  disk.freeBytes = 1_124
  expect(() => reserve.check()).toThrow('fewer than 1125 bytes are free')
  expect(reserve.missingBytes()).toBe(1)
  disk.freeBytes = 1_125
  expect(() => reserve.check()).not.toThrow()
  expect(reserve.missingBytes()).toBe(0)
  disk.freeBytes = 1_000
  expect(() => reserve.check()).not.toThrow()
})

it('is looked at before its time when much is written', () => {
  const { disk, reserve } = open(5_000)
  expect(reserve.isTouched()).toBe(false)
  disk.freeBytes = 0
  reserve.wrote(125)
  expect(reserve.isTouched()).toBe(false)
  reserve.wrote(1)
  expect(reserve.isTouched()).toBe(true)
})

it('bounds logs only where it is near, and files by what is free beyond a quarter of it', () => {
  const { disk, reserve } = open(2_000)
  expect(reserve.walBytesMax()).toBe(Infinity)
  disk.freeBytes = 1_999
  expect(reserve.buildBytesMax()).toBe(1_749)
  expect(reserve.walBytesMax()).toBe(125)
})
