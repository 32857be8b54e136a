import type { ExternalId } from '../../../core/managed-object.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import { managedObjectUrl } from './encode-managed-object.ts'

/** An external id and the object that it names (docs/protocols/cumulocity.md, 6.2). */
export const encodeExternalId = (
  { type, externalId }: ExternalId,
  object: ManagedObjectId,
  base: string,
): string =>
  JSON.stringify({
    externalId,
    type,
    self: externalIdUrl(base, { type, externalId }),
    managedObject: { id: String(object), self: managedObjectUrl(base, object) },
  })

/** Both parts percent-encoded: they may hold any character, slashes too. */
export const externalIdUrl = (base: string, { type, externalId }: ExternalId): string =>
  `${base}/identity/externalIds/${encodeURIComponent(type)}/${encodeURIComponent(externalId)}`
