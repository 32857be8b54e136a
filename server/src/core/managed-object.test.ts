import { describe, expect, it } from 'vitest'
import { hasWords } from './has-words.ts'
import { matchesManagedObject, changeManagedObject } from './managed-object.ts'
import { cumulocityBodyBytesMax, fragmentsMax } from './limits.ts'
import { toManagedObjectId, toTenantId, toUserName } from './identity.ts'
import { createFamily } from './family.ts'
import type { ManagedObject, ManagedObjectFilter, Surroundings } from './managed-object.ts'
import type { Viewer } from './viewer.ts'

const door: ManagedObject = {
  tenant: toTenantId('t1'),
  id: toManagedObjectId(4711),
  name: 'North Door',
  type: 'lock',
  owner: toUserName('device_4711'),
  creationMs: 1,
  lastUpdatedMs: 1,
  fragments: [
    { name: 'c8y_IsDevice', value: '{}' },
    { name: 'floor', value: '3.0' },
  ],
}

const serial = { type: 'c8y_Serial', externalId: 'SN-77' }

const alone: Surroundings = {
  externalIds: [],
  family: createFamily([]),
  find: () => undefined,
}

const viewer = (name: string): Viewer => ({ user: toUserName(name), on: [], below: [] })

const matches = (filter: ManagedObjectFilter): boolean =>
  matchesManagedObject(filter, door, { ...alone, externalIds: [serial] })

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
    expect(matches({ visibleTo: viewer('device_4711') })).toBe(true)
    expect(matches({ visibleTo: viewer('other') })).toBe(false)
    const global = { ...door, fragments: [{ name: 'c8y_Global', value: '{}' }] }
    expect(matchesManagedObject({ visibleTo: viewer('other') }, global, alone)).toBe(true)
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
    const changed = changeManagedObject(
      door,
      { name: undefined, type: null, owner: null, fragments: [{ name: 'floor', value: 'null' }] },
      9,
    )
    expect(changed).toEqual({
      ok: true,
      value: {
        ...door,
        type: undefined,
        owner: undefined,
        fragments: [{ name: 'c8y_IsDevice', value: '{}' }],
        lastUpdatedMs: 9,
      },
    })
  })

  it('fills an object up to what one creation may hold and not beyond', () => {
    const change = (fragments: ManagedObject['fragments']) =>
      changeManagedObject(
        { ...door, name: undefined, fragments: [] },
        { name: undefined, type: undefined, owner: undefined, fragments },
        9,
      ).ok
    const numbered = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ name: `f${n}`, value: '1' }))
    const long = (characters: number) => [{ name: 'f', value: '1'.repeat(characters) }]
    expect(change(numbered(fragmentsMax))).toBe(true)
    expect(change(numbered(fragmentsMax + 1))).toBe(false)
    expect(change(long(cumulocityBodyBytesMax))).toBe(true)
    expect(change(long(cumulocityBodyBytesMax + 1))).toBe(false)
  })
})
