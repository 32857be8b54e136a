import type { IncomingHttpHeaders } from 'node:http'

/** The resources of the dialect that this server sends or reads, as in their vendor media type; `json` has none. */
export type Resource =
  | 'event'
  | 'eventCollection'
  | 'eventApi'
  | 'managedObject'
  | 'managedObjectCollection'
  | 'managedObjectReference'
  | 'managedObjectReferenceCollection'
  | 'managedObjectUser'
  | 'inventoryApi'
  | 'externalId'
  | 'externalIdCollection'
  | 'identityApi'
  | 'user'
  | 'userCollection'
  | 'currentUser'
  | 'userApi'
  | 'role'
  | 'roleCollection'
  | 'roleReference'
  | 'roleReferenceCollection'
  | 'group'
  | 'groupCollection'
  | 'groupReferenceCollection'
  | 'userReference'
  | 'userReferenceCollection'
  | 'inventoryRole'
  | 'inventoryRoleCollection'
  | 'inventoryAssignment'
  | 'inventoryAssignmentCollection'
  | 'newDeviceRequest'
  | 'newDeviceRequestCollection'
  | 'deviceCredentials'
  | 'tenantApi'
  | 'tenant'
  | 'tenantCollection'
  | 'currentTenant'
  | 'application'
  | 'applicationCollection'
  | 'applicationUserCollection'
  | 'loginOption'
  | 'loginOptionCollection'
  | 'option'
  | 'optionCollection'
  | 'retentionRule'
  | 'retentionRuleCollection'
  | 'auditRecord'
  | 'auditRecordCollection'
  | 'auditApi'
  | 'platformApi'
  | 'error'
  | 'json'

/** How a body may be sent: `none` when the request has no Accept, which on writes means no body. */
export type Accepted = 'vendor' | 'json' | 'none'

const vendorPrefix = 'application/vnd.com.nsn.cumulocity.'

/**
 * What an Accept header admits, or undefined when it admits no JSON at all (406). Any vendor type
 * counts, whatever the resource: clients ask for an event's type where a collection comes back (1.1, 1.2).
 */
export const negotiate = (accept: string | undefined): Accepted | undefined => {
  if (accept === undefined) return 'none'
  if (accept === 'application/json') return 'json'
  const ranges = accept.toLowerCase().split(',').map(mediaRange).filter(isWanted)
  if (ranges.some(({ type }) => type.startsWith(vendorPrefix) && type.endsWith('+json'))) {
    return 'vendor'
  }
  if (ranges.some(({ type }) => type === 'application/json')) return 'json'
  return ranges.some(({ type }) => ['*/*', 'application/*', ''].includes(type))
    ? 'vendor'
    : undefined
}

type MediaRange = { readonly type: string; readonly weight: number }

const mediaRange = (text: string): MediaRange => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
}

const isWanted = ({ weight }: MediaRange): boolean => weight !== 0

/** The Content-Type of an answer. Errors have a type of their own whatever was asked for. */
export const contentTypeOf = (resource: Resource, accepted: Accepted): string =>
  resource === 'json' || (accepted === 'json' && resource !== 'error')
    ? jsonType
    : vendorTypes(resource)

const jsonType = 'application/json;charset=UTF-8'

const vendorTypes = (resource: Resource): string =>
  `${vendorPrefix}${resource}+json;charset=UTF-8;ver=0.9`

/**
 * Which resource a JSON body claims to be: a vendor name in lower case, or '' for plain JSON and for none at all.
 * Undefined for anything that is not JSON as it stands, a compressed body too.
 */
export const bodyResource = (headers: IncomingHttpHeaders): string | undefined => {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return undefined
  const type = (headers['content-type'] ?? 'application/json').split(';', 1)[0] ?? ''
  const name = type.trim().toLowerCase()
  if (name === 'application/json') return ''
  return name.startsWith(vendorPrefix) && name.endsWith('+json')
    ? name.slice(vendorPrefix.length, -'+json'.length)
    : undefined
}
