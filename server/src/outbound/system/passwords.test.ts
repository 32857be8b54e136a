import { describe, expect, it } from 'vitest'
import { passwordChecksMax, passwordChecksQueuedMax } from '../../core/limits.ts'
import { createScryptPasswords } from './passwords.ts'

describe('scrypt passwords', () => {
  const passwords = createScryptPasswords()

  it('know the password that was hashed, and no other', async () => {
    const hash = await passwords.hash('correct horse')
    expect(await passwords.verify('correct horse', hash)).toBe(true)
    expect(await passwords.verify('correct horsf', hash)).toBe(false)
    expect(await passwords.verify('', hash)).toBe(false)
  })

  it('hash the same password differently each time and describe themselves', async () => {
    const hashes = await Promise.all([passwords.hash('same'), passwords.hash('same')])
    expect(new Set(hashes).size).toBe(2)
    for (const hash of hashes) expect(hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  })

  it('go on reading hashes of other costs', async () => {
    // RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1).
    const salt = Buffer.from('SodiumChloride').toString('base64url')
    const derived = Buffer.from(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
        'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
      'hex',
    ).toString('base64url')
    const hash = `scrypt$16384$8$1$${salt}$${derived}`
    expect(await passwords.verify('pleaseletmein', hash)).toBe(true)
    expect(await passwords.verify('pleaseletmeout', hash)).toBe(false)
  })

  it('take as long for an unknown user as for a wrong password', async () => {
    const hash = await passwords.hash('x')
    const timed = async (kept: string | undefined): Promise<number> => {
      const start = performance.now()
      expect(await passwords.verify('wrong', kept)).toBe(false)
      return performance.now() - start
    }
    const rounds = 7
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      known.push(await timed(hash))
      unknown.push(await timed(undefined))
    }
    // The quickest of each: what the machine's other work adds is left out.
    const ratio = Math.min(...unknown) / Math.min(...known)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  it('answer busy beyond the line, and serve all who stand in it', async () => {
    const crowded = createScryptPasswords()
    const admitted = passwordChecksMax + passwordChecksQueuedMax
    // Costs of nothing, so that the line is what is tested.
    const cheap = 'scrypt$2$1$1$c2FsdA$aGFzaA'
    const answers = Array.from({ length: admitted + 1 }, () => crowded.verify('x', cheap))
    const settled = await Promise.all(answers)
    expect(settled.at(-1)).toBe('busy')
    expect(settled.slice(0, admitted)).toEqual(Array.from({ length: admitted }, () => false))
    expect(await crowded.verify('x', cheap)).toBe(false)
  })

  it('refuse to read what is no hash of theirs', async () => {
    await expect(passwords.verify('x', 'plain')).rejects.toThrow('cannot be read')
  })
})
