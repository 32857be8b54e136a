import { describe, expect, it } from 'vitest'
import { hasWords, matchesManagedObject, mergeManagedObject } from './managed-object.ts'
import type { ManagedObjectId, TenantId, UserName } from './identity.ts'
import type { ManagedObject, ManagedObjectFilter } from './managed-object.ts'

const door: ManagedObject = {
  tenant: 't1' as TenantId,
  id: 4711 as ManagedObjectId,
  name: 'North Door',
  type: 'lock',
  owner: 'device_4711' as UserName,
  creationMs: 1,
  lastUpdatedMs: 1,
  fragments: [
    { name: 'c8y_IsDevice', value: '{}' },
    { name: 'floor', value: '3.0' },
  ],
}

const matches = (filter: ManagedObjectFilter): boolean =>
  matchesManagedObject(filter, door, [{ type: 'c8y_Serial', externalId: 'SN-77' }])

describe('a managed object filter', () => {
  it('is met by everything when it is empty', () => {
    expect(matches({})).toBe(true)
  })

  it('needs every condition', () => {
    expect(matches({ type: 'lock', fragmentType: 'floor' })).toBe(true)
    expect(matches({ type: 'lock', fragmentType: 'roof' })).toBe(false)
    expect(matches({ ids: [] })).toBe(false)
  })

  it('finds each word in id, type, name, owner or external id, whatever the case', () => {
    expect(matches({ text: 'NORTH sn-77 471 lock Device_' })).toBe(true)
    expect(matches({ text: 'north south' })).toBe(false)
  })

  it('does not look through the type of an external id', () => {
    expect(matches({ text: 'c8y_serial' })).toBe(false)
  })

  it('shows an object to its owner, and to others only when it is global', () => {
    expect(matches({ visibleTo: 'device_4711' as UserName })).toBe(true)
    expect(matches({ visibleTo: 'other' as UserName })).toBe(false)
    const global = { ...door, fragments: [{ name: 'c8y_Global', value: '{}' }] }
    expect(matchesManagedObject({ visibleTo: 'other' as UserName }, global, [])).toBe(true)
  })
})

describe('words', () => {
  it('are none in a blank text, which everything has', () => {
    expect(hasWords('  ', 'x')).toBe(true)
  })

  it('do not match across two fields', () => {
    expect(hasWords('ab', 'a\nb')).toBe(false)
  })
})

describe('a partial update', () => {
  it('leaves what is undefined and removes what is null', () => {
    const changed = mergeManagedObject(
      door,
      { name: undefined, type: null, owner: null, fragments: [{ name: 'floor', value: 'null' }] },
      9,
    )
    expect(changed).toEqual({
      ...door,
      type: undefined,
      owner: undefined,
      fragments: [{ name: 'c8y_IsDevice', value: '{}' }],
      lastUpdatedMs: 9,
    })
  })
})
