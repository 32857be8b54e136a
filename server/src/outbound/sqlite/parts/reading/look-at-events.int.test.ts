import { truncateSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toEventId, toTenantId } from '../../../../core/identity.ts'
import {
  addClosedPart,
  addDead,
  countParts,
  markSealed,
  openScratchHead,
  toStoredEvent,
} from '../../testing/scratch-part.ts'
import { openRegistryFile } from '../../testing/in-process-registry.ts'
import { soundRegistry } from '../../testing/registry-damages.ts'
import { scratchRowOf, scratchRows } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { findLostTenants } from '../../find-lost-tenants.ts'
import { sealPart } from '../files/build-part.ts'
import { createEventLook } from './look-at-events.ts'
import { partPath } from '../tables/part-files.ts'
import type { EventLook } from './look-at-events.ts'
import type { ScratchHead, ScratchRow } from '../../testing/scratch-part.ts'

let scratch: ScratchHead
let look: EventLook

const open = (): void => {
  scratch = openScratchHead(scratchFolder())
  look = createEventLook(scratch.head, scratch.folder)
}

const close = (): void => {
  look.close()
  scratch.head.close()
}

beforeEach(open)
afterEach(close)

const seal = (part: number): void => {
  markSealed(scratch.head, part, sealPart({ folder: scratch.folder }, part).summary)
  countParts(scratch.head)
}

const addPart = (part: number, rows: readonly ScratchRow[]): void => {
  addClosedPart(scratch.head, part, rows)
  countParts(scratch.head)
}

const foundWith = (fragment: string): readonly string[] =>
  [...look.places(fragment)].map(({ tenant, owner }) => `${tenant}.${owner.id}`).toSorted()

const marked = { fragments: [{ name: 'a', value: '1' }] }

describe('a look at events from outside of the server', () => {
  it('comes to each event with the fragment, whether its part has a file or not', () => {
    fc.assert(
      fc.property(scratchRows, (rows) => {
        close()
        open()
        const expected = rows
          .filter(({ fragments }) => fragments.some(({ name }) => name === 'a'))
          .map(({ tenant, id }) => `t${tenant}.${id}`)
          .toSorted()
        addPart(1, rows)
        expect(foundWith('a')).toEqual(expected)
        seal(1)
        expect(foundWith('a')).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('sees an event where it is now, and none that is dead or of another tenant', () => {
    const row = scratchRowOf({ id: 5, ...marked })
    const read = (tenant: string) => look.read(toTenantId(tenant), toEventId(5))
    addPart(1, [row])
    expect(read('t1')).toEqual(toStoredEvent(row))
    seal(1)
    expect(read('t1')).toEqual(toStoredEvent(row))
    expect(read('t2')).toBeUndefined()
    expect(read('none')).toBeUndefined()
    addDead(scratch.head, 1, [row])
    expect(read('t1')).toBeUndefined()
    const moved = { ...row, text: 'closed', changed: 9 }
    addPart(2, [moved])
    expect(read('t1')).toEqual(toStoredEvent(moved))
  })

  it('goes on with more rows than it reads at once, and with a part that gets its file meanwhile', () => {
    addPart(
      1,
      Array.from({ length: 1_500 }, (_, at) => scratchRowOf({ id: at + 1, ...marked })),
    )
    const places = look.places('a')
    const ids = new Set(Array.from({ length: 10 }, () => places.next().value?.owner.id))
    seal(1)
    for (const { owner } of places) ids.add(owner.id)
    expect(ids.size).toBe(1_500)
  })

  it('says so when a file that the catalogue names cannot be read', () => {
    addPart(1, [scratchRowOf(marked)])
    seal(1)
    truncateSync(partPath(scratch.folder, 1), 100)
    expect(() => foundWith('a')).toThrow()
    expect(() => look.read(toTenantId('t1'), toEventId(1))).toThrow()
  })

  it('names a tenant that has events and is not in the registry, until they are dead', () => {
    const registry = openRegistryFile(':memory:')
    registry.exec(soundRegistry)
    const find = () => findLostTenants(scratch.head, registry, scratch.folder)
    const rows = [1, 2, 3].map((tenant) => scratchRowOf({ id: tenant, tenant }))
    addPart(1, rows)
    const problems = ['t2', 't3'].map((name) => `there are events of ${name}, which is no tenant`)
    expect(find()).toEqual(problems)
    seal(1)
    expect(find()).toEqual(problems)
    addDead(scratch.head, 1, rows.slice(1, 2))
    expect(find()).toEqual(problems.slice(1))
    registry.close()
  })
})
