import { describe, expect, it } from 'vitest'
import type { Failure } from '../../core/failure.ts'
import { encodeError, encodeFailure } from './encode-failure.ts'

describe('a failure', () => {
  it.each<readonly [Failure, number, number]>([
    [{ kind: 'invalid', issues: [] }, 400, 6],
    [{ kind: 'unauthenticated', reason: 'no-credentials' }, 401, 0],
    [{ kind: 'unauthenticated', reason: 'bad-credentials' }, 401, 0],
    [{ kind: 'forbidden', reason: 'suspended' }, 403, 0],
    [{ kind: 'forbidden', reason: 'tenant' }, 403, 4],
    [{ kind: 'forbidden', reason: 'device' }, 403, 5],
    [{ kind: 'forbidden', reason: 'role' }, 403, 5],
    [{ kind: 'not-found', what: 'tenant', id: 't9' }, 404, 4],
    [{ kind: 'not-found', what: 'source', id: '9' }, 404, 5],
    [{ kind: 'not-found', what: 'receipt', id: '9' }, 404, 6],
    [{ kind: 'conflict', what: 'event', id: '9' }, 409, 6],
    [{ kind: 'too-large', bytesMax: 10 }, 413, 6],
    [{ kind: 'too-many', retryAfterS: 7 }, 429, -1],
    [{ kind: 'unavailable', reason: 'disk-full', retryAfterS: 7 }, 503, -1],
    [{ kind: 'unavailable', reason: 'tenant-full', retryAfterS: 7 }, 503, -1],
    [{ kind: 'unavailable', reason: 'stopping', retryAfterS: 7 }, 503, -1],
  ])('%j has status %i and error %i', (failure, status, error) => {
    expect(encodeFailure(failure)).toMatchObject({ status, error })
  })

  it('that heals by waiting says how long', () => {
    expect(encodeFailure({ kind: 'too-many', retryAfterS: 7 }).retryAfterS).toBe(7)
    const failure = { kind: 'unavailable', reason: 'busy', retryAfterS: 3 } as const
    expect(encodeFailure(failure).retryAfterS).toBe(3)
  })

  it('is written as an error and a message, and nothing else', () => {
    const issues = [
      { path: 'typeId', problem: 'missing', message: 'is required' },
      { path: '', problem: 'wrong', message: 'the "body" is wrong' },
    ] as const
    expect(encodeError(encodeFailure({ kind: 'invalid', issues }))).toBe(
      '{"error":6,"message":"typeId is required; the \\"body\\" is wrong"}',
    )
  })
})
