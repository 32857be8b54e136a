import { expect, it } from 'vitest'
import { forgetShapes, openShapes } from '../../testing/shape-rows.ts'
import { createStatements } from '../tables/cached-statements.ts'
import { createReadShapeGroups, readMatchingShapes } from './shape-groups.ts'

const open = (shapes: number) => {
  const db = openShapes(shapes)
  return { db, file: createStatements(db, 10), read: createReadShapeGroups() }
}

it('what a part has of a shape is added up over the types, and read once', () => {
  const { db, file, read } = open(2)
  const groups = [
    { shape: 1, rows: 5, minMs: -1, maxMs: 10 },
    { shape: 2, rows: 5, minMs: -2, maxMs: 20 },
  ]
  expect(read(7, 1, file)).toEqual(groups)
  forgetShapes(db)
  expect(read(7, 1, file)).toEqual(groups)
  expect(read(8, 1, file), 'another part').toEqual([])
  expect(read(7, 2, file), 'another tenant').toEqual([])
})

it('of a part with too many shapes nothing is remembered but that', () => {
  expect(open(128).read(7, 1, open(128).file)).toHaveLength(128)
  const { db, file, read } = open(129)
  expect(read(7, 1, file)).toBeUndefined()
  forgetShapes(db)
  expect(read(7, 1, file)).toBeUndefined()
})

it('beyond what may be remembered, the oldest is read anew', () => {
  const { db, file, read } = open(100)
  for (let part = 1; part <= 500; part += 1) read(part, 1, file)
  forgetShapes(db)
  expect(read(10, 1, file)).toHaveLength(100)
  expect(read(500, 1, file)).toHaveLength(100)
  expect(read(1, 1, file)).toEqual([])
})

it('only shapes that match count towards too many', () => {
  const { file } = open(5)
  const matching = [{ sql: 'e.shape > ?', values: [3] }]
  const groups = [
    { shape: 4, rows: 5, minMs: -4, maxMs: 40 },
    { shape: 5, rows: 5, minMs: -5, maxMs: 50 },
  ]
  expect(readMatchingShapes(file, 1, matching, 2)).toEqual(groups)
  expect(readMatchingShapes(file, 1, matching, 1)).toBeUndefined()
  expect(readMatchingShapes(file, 2, matching, 1), 'another tenant').toEqual([])
})
