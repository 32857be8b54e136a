import { toFragments } from '../../../core/fragments.ts'
import { toManagedObjectId, toTenantId, toUserName } from '../../../core/identity.ts'
import { readMembers } from '../../../core/json-text.ts'
import type { ApiKey, Tenant } from '../../../core/account.ts'
import type { Fragments } from '../../../core/fragments.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { Purge, Source } from '../../../ports/inventory.ts'

export type TenantRow = {
  readonly tenant: string
  readonly name: string
  readonly domain: string
  readonly state: Tenant['state']
  readonly creation_ms: number
  readonly profile: string
  readonly custom_properties: string
}

export const decodeTenantRow = (row: TenantRow): Tenant => ({
  id: toTenantId(row.tenant),
  name: row.name,
  domain: row.domain,
  state: row.state,
  creationMs: row.creation_ms,
  ...(row.profile === '{}'
    ? {}
    : { profile: JSON.parse(row.profile) as Readonly<Record<string, string>> }),
  ...(row.custom_properties === '{}' ? {} : { customProperties: row.custom_properties }),
})

export type KeyRow = {
  readonly tenant: string
  readonly prefix: string
  readonly hash: string
  readonly name: string
  readonly all_tenants: number
  readonly devices: string | null
  readonly expires_ms: number | null
  readonly creation_ms: number
}

export const decodeKeyRow = (row: KeyRow): ApiKey => ({
  tenant: toTenantId(row.tenant),
  prefix: row.prefix,
  hash: row.hash,
  name: row.name,
  allTenants: row.all_tenants === 1,
  devices:
    row.devices === null
      ? undefined
      : (JSON.parse(row.devices) as readonly number[]).map(toManagedObjectId),
  expiresMs: row.expires_ms ?? undefined,
  creationMs: row.creation_ms,
})

export type SourceRow = {
  readonly id: number
  readonly name: string | null
  readonly type: string | null
  readonly owner: string | null
}

export const decodeSourceRow = (row: SourceRow): Source => ({
  id: toManagedObjectId(row.id),
  name: row.name ?? undefined,
  type: row.type ?? undefined,
  owner: row.owner === null ? undefined : toUserName(row.owner),
})

export type ObjectRow = SourceRow & {
  readonly tenant: string
  readonly creation_ms: number
  readonly last_updated_ms: number
  readonly fragments: string
}

export const decodeObjectRow = (row: ObjectRow): ManagedObject => ({
  tenant: toTenantId(row.tenant),
  ...decodeSourceRow(row),
  creationMs: row.creation_ms,
  lastUpdatedMs: row.last_updated_ms,
  fragments: decodeFragments(row.fragments),
})

/** The members were checked when they came in, so text that cannot be read is a damaged file. */
export const decodeFragments = (text: string): Fragments => {
  const reading = readMembers(`{${text}}`, 'at-the-top')
  if (!reading.ok) throw new Error(`stored fragments cannot be read: ${reading.problem}`)
  return toFragments(reading.members)
}

export type PurgeRow = { readonly tenant: string; readonly object: number | null }

export const decodePurgeRow = (row: PurgeRow): Purge => ({
  tenant: toTenantId(row.tenant),
  object: row.object === null ? undefined : toManagedObjectId(row.object),
})
