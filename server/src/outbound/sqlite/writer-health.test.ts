import Database from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { createWriterHealth } from './writer-health.ts'
import type { StoreHealth } from '../../ports/event-store.ts'

const throwing = (code: string) => (): never => {
  throw new Database.SqliteError('as the engine would say', code)
}

const createWatched = (probe: () => void) => {
  const states: StoreHealth['state'][] = []
  const logged: string[] = []
  const health = createWriterHealth({
    onState: (state) => states.push(state),
    log: (message) => logged.push(message),
    probe,
  })
  return { health, states, logged }
}

it.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_WRITE', 'SQLITE_CORRUPT', 'SQLITE_READONLY'])(
  'after %s the storage has failed for good, and the cause is told once',
  (code) => {
    const { health, states, logged } = createWatched(() => undefined)
    expect(health.guard(throwing(code))).toEqual({ ok: false, reason: 'storage-failed' })
    health.guard(throwing(code))
    health.guard(throwing('SQLITE_FULL'))
    expect(health.guard(() => 1)).toEqual({ ok: true, value: 1 })
    expect(health.state()).toBe('failed')
    expect(states).toEqual(['failed'])
    expect(logged).toHaveLength(1)
    health.end()
  },
)

it('a full disk is probed until it takes data in again', async () => {
  let isFull = true
  const { health, states, logged } = createWatched(() => {
    if (isFull) throwing('SQLITE_FULL')()
  })
  expect(health.guard(throwing('SQLITE_FULL'))).toEqual({ ok: false, reason: 'disk-full' })
  isFull = false
  await vi.waitUntil(() => health.state() === 'ok', { timeout: 10_000 })
  expect(states).toEqual(['degraded', 'ok'])
  expect(logged).toHaveLength(1)
  health.end()
})

it('a bug is thrown and says nothing about the storage', () => {
  const { health } = createWatched(() => undefined)
  expect(() => health.guard(throwing('SQLITE_ERROR'))).toThrow('as the engine would say')
  expect(health.state()).toBe('ok')
})
