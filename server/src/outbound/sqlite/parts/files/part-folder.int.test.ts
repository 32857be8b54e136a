import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cutBytesMax } from '../../../../core/limits.ts'
import { setPartFormat } from '../../testing/part-file.ts'
import { addClosedPart, openScratchHead } from '../../testing/scratch-part.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { sealPart } from './build-part.ts'
import { eventsFolder, partBuildPath, partPath } from '../tables/part-files.ts'
import { removeStrangers, unlinkParts } from './part-folder.ts'
import type { ScratchHead } from '../../testing/scratch-part.ts'

let scratch: ScratchHead
let path: string

beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
  addClosedPart(scratch.head, 1, [])
  sealPart({ folder: scratch.folder }, 1)
  path = partPath(scratch.folder, 1)
})
afterEach(() => {
  scratch.head.close()
})

it('files of parts that nothing names are removed at a start, others are left alone', () => {
  const { folder } = scratch
  const left = ['notes.part', '12.part', '00000001.part.old', 'head.db.copy']
  for (const name of left) writeFileSync(join(eventsFolder(folder), name), '')
  writeFileSync(partPath(folder, 2), '')
  writeFileSync(partPath(folder, 123_456_789), '')
  writeFileSync(partBuildPath(folder, 1), '')
  writeFileSync(`${partBuildPath(folder, 1)}-journal`, '')
  expect(removeStrangers(folder, [1]).toSorted()).toEqual([
    '00000001.part.building',
    '00000001.part.building-journal',
    '00000002.part',
    '123456789.part',
  ])
  expect(readdirSync(eventsFolder(folder)).toSorted()).toEqual(
    ['00000001.part', 'head.db', 'head.db-shm', 'head.db-wal', ...left].toSorted(),
  )
  expect(removeStrangers(folder, [1])).toEqual([])
})

it('a start refuses when a file that the catalogue names is not there', () => {
  expect(() => removeStrangers(scratch.folder, [1, 2])).toThrow(
    `${partPath(scratch.folder, 2)} cannot be opened, and events of the store are in it: restore the whole data folder from a backup`,
  )
})

it('a start refuses a file of another format', () => {
  setPartFormat(path, 7)
  expect(() => removeStrangers(scratch.folder, [1])).toThrow(
    `${path} has format 7, and this server knows format 1: use the server version that wrote it`,
  )
})

it.each([0, 99, 8_192])('a start refuses a file that was cut to %d bytes', (bytes) => {
  truncateSync(path, bytes)
  expect(() => removeStrangers(scratch.folder, [1])).toThrow(
    `${path} is damaged: restore the whole data folder from a backup`,
  )
})

it('a refused start has removed nothing', () => {
  writeFileSync(partPath(scratch.folder, 3), '')
  expect(() => removeStrangers(scratch.folder, [2])).toThrow('cannot be opened')
  expect(existsSync(partPath(scratch.folder, 3))).toBe(true)
})

it('unlinking takes files that are there and those that are not', () => {
  unlinkParts(scratch.folder, [1, 2])
  expect(existsSync(path)).toBe(false)
  unlinkParts(scratch.folder, [1, 2])
  unlinkParts(scratch.folder, [])
})

it('a large file is given back in pieces, with a rest between them', () => {
  truncateSync(path, 2 * cutBytesMax + 1)
  const kept: number[] = []
  unlinkParts(scratch.folder, [1], () => {
    kept.push(statSync(path).size)
  })
  expect(kept).toEqual([cutBytesMax + 1, 1])
  expect(existsSync(path)).toBe(false)
})

it('what is left of a file that a crash found half removed goes at the next start', () => {
  truncateSync(path, 3 * cutBytesMax)
  expect(() => {
    unlinkParts(scratch.folder, [1], () => {
      throw new Error('the power is gone')
    })
  }).toThrow('the power is gone')
  expect(statSync(path).size).toBe(2 * cutBytesMax)
  expect(removeStrangers(scratch.folder, [])).toEqual(['00000001.part'])
})
