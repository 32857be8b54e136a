import type { AttachmentOwner, AttachmentPlace } from '../../core/attachment.ts'
import { decodeTenantId } from '../../core/decode-identity.ts'
import { parseEventId, parseManagedObjectId } from '../../core/event-id.ts'
import type { TenantId } from '../../core/identity.ts'

/** The kept files are spread over this many folders by their owner's id, so that none of them gets long. */
export const shardsInAll = 64

export const shardOf = ({ id }: AttachmentOwner): number => Math.floor(id / 4096) % shardsInAll

export const shardName = (shard: number): string => shard.toString(16).padStart(2, '0')

/** `t1.event.4711`: a tenant's id has no dot in it, nor anything that a path gives a meaning to. */
export const placeName = (tenant: TenantId, { kind, id }: AttachmentOwner): string =>
  `${tenant}.${kind}.${id}`

/** Undefined for a name that `placeName` does not make. */
export const parsePlaceName = (name: string): AttachmentPlace | undefined => {
  const [tenantText = '', kind = '', id = '', ...rest] = name.split('.')
  const tenant = decodeTenantId(tenantText)
  const owner = parseOwner(kind, id)
  return tenant && owner && rest.length === 0 ? { tenant, owner } : undefined
}

/** `12.1769936400000.t1.event.4711`, or `….managed-object.new` for a file whose object is made at its end. */
export const stagedName = (
  ticket: number,
  sinceMs: number,
  tenant: TenantId,
  owner: AttachmentOwner | undefined,
): string => {
  const place = owner ? placeName(tenant, owner) : `${tenant}${unowned}`
  return `${ticket}.${sinceMs}.${place}`
}

const unowned = '.managed-object.new'

export type StagedName = {
  readonly ticket: number
  readonly sinceMs: number
  readonly tenant: TenantId
  readonly owner: AttachmentOwner | undefined
}

/** Undefined for a name that `stagedName` does not make. */
export const parseStagedName = (name: string): StagedName | undefined => {
  const [, ticket = '', since = '', rest = ''] = /^(\d{1,15})\.(\d{1,15})\.(.+)$/.exec(name) ?? []
  const begun = { ticket: Number(ticket), sinceMs: Number(since) }
  const place = parsePlaceName(rest)
  if (place) return { ...begun, ...place }
  const tenant = rest.endsWith(unowned) ? decodeTenantId(rest.slice(0, -unowned.length)) : undefined
  return tenant && { ...begun, tenant, owner: undefined }
}

const parseOwner = (kind: string, text: string): AttachmentOwner | undefined => {
  if (kind === 'event') {
    const id = parseEventId(text)
    return id && { kind, id }
  }
  if (kind !== 'managed-object') return undefined
  const id = parseManagedObjectId(text)
  return id && { kind, id }
}
