import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { isDiskFull, isStorageError, mayBeInLog } from './storage-error.ts'

const systemError = (code: string): Error =>
  Object.assign(new Error('write failed'), { code, syscall: 'write' })

describe('a refusal of the storage', () => {
  it.each([
    [systemError('ENOSPC'), true],
    [systemError('EDQUOT'), true],
    [new Database.SqliteError('database or disk is full', 'SQLITE_FULL'), true],
    [new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_SHMSIZE'), true],
    [systemError('EIO'), false],
    [systemError('ENOENT'), false],
    [new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE'), false],
    [new Database.SqliteError('database is locked', 'SQLITE_BUSY'), false],
  ])('is known: %s', (error, isFull) => {
    expect(isStorageError(error)).toBe(true)
    expect(isDiskFull(error)).toBe(isFull)
  })

  it.each([
    new Error('a bug'),
    Object.assign(new Error('a bug'), { code: 'ERR_INVALID_ARG_TYPE' }),
    new Database.SqliteError('no such table', 'SQLITE_ERROR'),
    new Database.SqliteError('NOT NULL constraint failed', 'SQLITE_CONSTRAINT_NOTNULL'),
    undefined,
  ])('is no bug of ours: %s', (error) => {
    expect(isStorageError(error)).toBe(false)
    expect(isDiskFull(error)).toBe(false)
  })
})

it.each([
  [new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_SHMSIZE'), true],
  [new Database.SqliteError('database or disk is full', 'SQLITE_FULL'), false],
  [new Error('a bug'), false],
])('leaves a commit in doubt, or does not: %s', (error, isInDoubt) => {
  expect(mayBeInLog(error)).toBe(isInDoubt)
})
