import { describe, expect, it } from 'vitest'
import { createFamily } from './family.ts'
import { toManagedObjectId, toTenantId, toUserName } from './identity.ts'
import { decodePermission } from './permission.ts'
import { isCoveredFor, viewerOf } from './viewer.ts'
import type { UserPrincipal } from './access.ts'
import type { ChildReference } from './family.ts'

const [one, two, three, four] = [1, 2, 3, 4].map(toManagedObjectId)
if (!one || !two || !three || !four) throw new Error('four ids were made')

const user: UserPrincipal = {
  kind: 'user',
  tenant: toTenantId('t1'),
  user: toUserName('holder'),
  roles: new Set(),
}

const given = (...texts: readonly string[]) => texts.flatMap((text) => decodePermission(text) ?? [])

describe('a viewer', () => {
  it('without grants was given nothing', () => {
    expect(viewerOf(user)).toEqual({ user: 'holder', on: [], below: [] })
  })

  it('was given what it may read of managed objects, without a limit to a fragment', () => {
    const grants = {
      on: new Map([
        [one, given('MANAGED_OBJECT:*:READ')],
        [two, given('EVENT:*:READ', 'MANAGED_OBJECT:*:ADMIN')],
        [three, given('MANAGED_OBJECT:x:READ')],
      ]),
      below: new Map([
        [one, given('EVENT:*:*')],
        [two, given('EVENT:*:READ', '*:*:*')],
      ]),
    }
    expect(viewerOf({ ...user, grants })).toEqual({ user: 'holder', on: [one], below: [two] })
  })

  it('is shown what hangs below over child assets and child devices, also in a circle', () => {
    const links: readonly ChildReference[] = [
      { parent: one, kind: 'asset', child: two },
      { parent: two, kind: 'device', child: one },
      { parent: two, kind: 'device', child: three },
      { parent: three, kind: 'addition', child: four },
    ]
    const family = createFamily(links)
    const covered = (on: readonly number[], below: readonly number[]) =>
      [one, two, three, four].filter((id) =>
        isCoveredFor(
          {
            user: user.user,
            on: on.map(toManagedObjectId),
            below: below.map(toManagedObjectId),
          },
          id,
          family,
        ),
      )
    expect(covered([], [two])).toEqual([one, two, three])
    expect(covered([four], [three])).toEqual([three, four])
    expect(covered([one], [])).toEqual([one])
  })
})
