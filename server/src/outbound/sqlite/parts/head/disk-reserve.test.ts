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

it('is touched where a file that is being built would leave less than a quarter of it', () => {
  const { disk, reserve } = open(1_800)
  reserve.promise(1_500)
  expect(reserve.isTouched()).toBe(false)
  disk.freeBytes = 1_749
  expect(reserve.missingBytes()).toBe(1)
  expect(reserve.isTouched()).toBe(true)
  reserve.promise(0)
  expect(reserve.isTouched()).toBe(false)
  reserve.promise(700)
  disk.freeBytes = 1_000
  expect(reserve.missingBytes()).toBe(0)
})

it('leaves an eighth of it, and what a file was promised, to calls that delete', () => {
  const { disk, reserve } = open(300)
  expect(reserve.workBytesMax()).toBe(175)
  reserve.promise(100)
  expect(reserve.workBytesMax()).toBe(75)
  disk.freeBytes = 0
  expect(reserve.workBytesMax()).toBe(-225)
})

it('of no bytes is never touched, whatever is being built', () => {
  const reserve = createDiskReserve(
    0,
    () => 10,
    () => 0,
  )
  reserve.promise(1_000)
  expect(reserve.isTouched()).toBe(false)
  expect(reserve.workBytesMax()).toBe(10)
})

it('leaves to what makes no room what neither it nor a file that is being built needs', () => {
  const { disk, reserve } = open(5_000)
  expect(reserve.roomBytes()).toBe(4_000)
  reserve.promise(3_000)
  expect(reserve.roomBytes()).toBe(1_750)
  disk.freeBytes = 3_250
  expect(reserve.roomBytes()).toBe(0)
  disk.freeBytes = 999
  reserve.promise(0)
  expect(reserve.roomBytes()).toBe(-126)
})
