import type { Database } from 'better-sqlite3'
import { binaryFragment, hasBinaryFragment, storedFileNames } from '../../core/attachment.ts'
import type { AttachmentPlace } from '../../core/attachment.ts'
import type { Fragments } from '../../core/fragments.ts'
import { toManagedObjectId, toTenantId } from '../../core/identity.ts'
import { headFile, registryFile } from './database-files.ts'
import { openToLook } from './open-database.ts'
import { createEventLook } from './parts/reading/look-at-events.ts'
import type { EventLook } from './parts/reading/look-at-events.ts'
import { createObjectReads } from './registry/read-objects.ts'

/** An event or managed object as far as its file is concerned. */
export type SeenOwner = {
  /** The values of the fragments that describe its file, with spaces between; undefined when it says that it has none. */
  readonly said: string | undefined
  readonly creationMs: number
  readonly lastUpdatedMs: number
}

/** What a data folder's events and managed objects say of files. A server may be running on the folder. */
export type OwnerLook = {
  /** Those that say they have one; see `EventLook.places`. */
  readonly places: () => Generator<AttachmentPlace, void>
  /** As it is now; undefined when there is none. */
  readonly read: (place: AttachmentPlace) => SeenOwner | undefined
  readonly close: () => void
}

/** For stores in which `verifyStores` found nothing wrong. */
export const lookAtOwners = (folder: string): OwnerLook => {
  const data = { folder, eventsBytesMax: undefined }
  const head = openToLook(headFile(data).path)
  const registry = openToLook(registryFile(data).path)
  const events = createEventLook(head, folder)
  const { readObject } = createObjectReads(registry)
  return {
    places: () => walk(events, registry),
    read: ({ tenant, owner }) => {
      if (owner.kind === 'event') return toSeen(events.read(tenant, owner.id), [binaryFragment])
      const object = readObject(tenant, owner.id)
      return object.ok ? toSeen(object.value, storedFileNames) : undefined
    },
    close: () => {
      events.close()
      head.close()
      registry.close()
    },
  }
}

type Owner = Omit<SeenOwner, 'said'> & { readonly fragments: Fragments }

const toSeen = (owner: Owner | undefined, names: readonly string[]): SeenOwner | undefined => {
  if (owner === undefined) return undefined
  const { creationMs, lastUpdatedMs, fragments } = owner
  const values = names.map((name) => fragments.find((each) => each.name === name)?.value)
  const said = hasBinaryFragment(fragments) ? values.join(' ') : undefined
  return { said, creationMs, lastUpdatedMs }
}

function* walk(events: EventLook, registry: Database): Generator<AttachmentPlace, void> {
  yield* events.places(binaryFragment)
  yield* walkObjects(registry)
}

const objectsSql = `select object from managed_object_fragment
  where tenant = ? and name = ? and object > ? order by object limit 1000`

function* walkObjects(registry: Database): Generator<AttachmentPlace, void> {
  const tenants = registry.prepare<[], string>('select tenant from tenant').pluck().all()
  const page = registry.prepare<[string, string, number], number>(objectsSql).pluck()
  for (const tenant of tenants) {
    for (let from = 0, ids = page.all(tenant, binaryFragment, 0); ids.length > 0;) {
      for (const id of ids) {
        const owner = { kind: 'managed-object', id: toManagedObjectId(id) } as const
        yield { tenant: toTenantId(tenant), owner }
      }
      from = ids.at(-1) ?? from
      ids = page.all(tenant, binaryFragment, from)
    }
  }
}
