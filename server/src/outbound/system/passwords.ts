import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { passwordChecksMax, passwordChecksQueuedMax } from '../../core/limits.ts'
import { createSlots } from './slots.ts'
import type { Passwords } from '../../ports/passwords.ts'

/** What scrypt is run with: 16 MiB of memory for each hash, and time to match. */
const costs: ScryptCosts = { cost: 16_384, blockSize: 8, parallelization: 1 }

const saltBytes = 16
const hashBytes = 32

/**
 * Passwords by Node's scrypt, which runs outside the main thread: `passwordChecksMax` at once, and
 * `passwordChecksQueuedMax` checks in line. A hash reads `scrypt$16384$8$1$<salt>$<hash>`, so that
 * costs can be raised later and old hashes stay good.
 */
export const createScryptPasswords = (): Passwords => {
  const slots = createSlots(passwordChecksMax)
  const unknownUser = encode({
    ...costs,
    salt: randomBytes(saltBytes),
    hash: randomBytes(hashBytes),
  })
  return {
    hash: (password) => slots.run(() => hashPassword(password)),
    verify: async (password, hash) => {
      if (slots.waiting() >= passwordChecksQueuedMax) return 'busy'
      const isSame = await slots.run(() => isPassword(password, hash ?? unknownUser))
      return isSame && hash !== undefined
    },
  }
}

type ScryptCosts = {
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
}

type Kept = ScryptCosts & { readonly salt: Buffer; readonly hash: Buffer }

const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(saltBytes)
  return encode({ ...costs, salt, hash: await derive(password, { ...costs, salt }, hashBytes) })
}

const isPassword = async (password: string, text: string): Promise<boolean> => {
  const kept = decode(text)
  return timingSafeEqual(kept.hash, await derive(password, kept, kept.hash.length))
}

const derive = (password: string, kept: Omit<Kept, 'hash'>, bytes: number): Promise<Buffer> => {
  const { cost, blockSize, parallelization, salt } = kept
  // Twice the 128 × N × r bytes that scrypt works on, and some more: the default just fits our costs.
  const maxmem = 256 * cost * blockSize + 1024 * 1024
  const options = { cost, blockSize, parallelization, maxmem }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, derived) => {
      if (error === null) resolve(derived)
      else reject(error)
    })
  })
}

const encode = ({ cost, blockSize, parallelization, salt, hash }: Kept): string =>
  [
    'scrypt',
    cost,
    blockSize,
    parallelization,
    salt.toString('base64url'),
    hash.toString('base64url'),
  ].join('$')

/** Throws on a text that `encode` did not make: nothing else is ever stored as a hash. */
const decode = (text: string): Kept => {
  const [name, cost, blockSize, parallelization, salt = '', hash = ''] = text.split('$')
  if (name !== 'scrypt' || hash === '') throw new Error('a stored password hash cannot be read')
  return {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}
