import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { toManagedObjectId, type TenantId, type UserName } from '../core/identity.ts'
import type { FirstStart } from './bootstrap.ts'
import { describeFirstStart } from './describe-first-start.ts'

const first: FirstStart = {
  tenant: 't1' as TenantId,
  user: "o'hara" as UserName,
  madePassword: "it's",
  device: toManagedObjectId(7),
}

const url = 'http://127.0.0.1:8080'
const now = new Date(0)

/** The words that a shell makes of a line. */
const wordsOf = (line: string, environment: Readonly<Record<string, string>> = {}) =>
  execFileSync('bash', ['-c', `printf '%s\\n' ${line}`], { env: environment })
    .toString()
    .split('\n')

describe('describeFirstStart', () => {
  it('shows a made password once, and a command that a shell reads as meant', () => {
    const lines = describeFirstStart(first, { bootstrapPassword: undefined }, url, now)
    expect(lines[1]).toBe("Password of both, shown only this once: it's")
    const words = wordsOf(lines[3] ?? '')
    expect(words).toContain("t1/o'hara:it's")
    expect(words).toContain(`${url}/event/events`)
    expect(words.map(readEvent)).toContainEqual({
      source: { id: '7' },
      type: 'first_event',
      text: 'The bell rings',
      time: '1970-01-01T00:00:00.000Z',
    })
  })

  it('never shows a password that somebody chose', () => {
    const chosen = { ...first, madePassword: undefined }
    const lines = describeFirstStart(chosen, { bootstrapPassword: 'chosen' }, url, now)
    expect(lines.join('\n')).not.toContain('chosen')
    const environment = { BELFRY_BOOTSTRAP_PASSWORD: 'chosen' }
    expect(wordsOf(lines[3] ?? '', environment)).toContain("t1/o'hara:chosen")
  })
})

const readEvent = (word: string): unknown => (word.startsWith('{') ? JSON.parse(word) : undefined)
