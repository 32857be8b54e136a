import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { leavingTenant, registryDamages, soundRegistry } from '../testing/registry-damages.ts'
import { verifyRegistry } from './verify-registry.ts'
import type { Database } from 'better-sqlite3'

let registry: Database

beforeEach(() => {
  registry = openRegistryFile(':memory:')
  registry.exec(soundRegistry)
})
afterEach(() => {
  registry.close()
})

describe('a look at what rows of the registry refer to', () => {
  it('finds nothing wrong where all of it is there; an owner may be gone', () => {
    expect(verifyRegistry(registry)).toEqual([])
  })

  it.each(registryDamages)('after %s finds that %s', (sql, problem) => {
    registry.pragma('foreign_keys = off')
    registry.exec(sql)
    expect(verifyRegistry(registry).join('\n')).toContain(problem)
  })

  it('leaves a deleted tenant to the deletion that removes its rows in slices', () => {
    registry.exec(leavingTenant)
    expect(verifyRegistry(registry)).toEqual([])
  })
})
