import { beforeEach, describe, expect, it } from 'vitest'
import { knownPasswordsMax } from '../core/limits.ts'
import { createSecrets } from '../outbound/system/secrets.ts'
import { rememberPasswords } from './remember-passwords.ts'
import type { KnownPasswords } from './remember-passwords.ts'

describe('remembered passwords', () => {
  let known: KnownPasswords

  beforeEach(() => {
    let salt = 0
    known = rememberPasswords(
      {
        hash: (password) => {
          salt += 1
          return Promise.resolve(`${salt}$${password}`)
        },
        verify: (password, hash) =>
          Promise.resolve(password === 'busy' ? 'busy' : hash?.split('$')[1] === password),
      },
      createSecrets(),
    )
  })

  it('are known once they were hashed, for that hash alone', async () => {
    const [first, second] = [await known.hash('secret'), await known.hash('other')]
    expect(known.isKnown('secret', first)).toBe(true)
    expect(known.isKnown('other', second)).toBe(true)
    expect(known.isKnown('secret', second)).toBe(false)
    expect(known.isKnown('other', first)).toBe(false)
    expect(known.isKnown('secret', undefined)).toBe(false)
  })

  it('are known once they were right, and not when they were wrong or not checked', async () => {
    expect(await known.verify('secret', '7$secret')).toBe(true)
    expect(await known.verify('wrong', '7$secret')).toBe(false)
    expect(await known.verify('busy', '7$busy')).toBe('busy')
    expect(await known.verify('secret', undefined)).toBe(false)
    expect(known.isKnown('secret', '7$secret')).toBe(true)
    expect(known.isKnown('wrong', '7$secret')).toBe(false)
    expect(known.isKnown('busy', '7$busy')).toBe(false)
  })

  it('are forgotten when many others came, save those that were asked for meanwhile', async () => {
    const [used, idle] = [await known.hash('used'), await known.hash('idle')]
    for (let nth = 2; nth < knownPasswordsMax; nth += 1) await known.hash(`p${nth}`)
    expect(known.isKnown('used', used)).toBe(true)
    await known.hash('one more')
    expect(known.isKnown('used', used)).toBe(true)
    expect(known.isKnown('idle', idle)).toBe(false)
  })
})
