/**
 * The API roots: documents of addresses and templates that some clients walk before anything else
 * (docs/protocols/cumulocity.md, 3.1, 6.2 to 6.4, 6.7). Placeholders are part of the contract, misspelling included.
 */
export const encodeEventApi = (base: string): Record<string, unknown> => {
  const events = `${base}/event/events`
  const templates = Object.entries<readonly string[]>(eventTemplates).map(
    ([name, parameters]): readonly [string, string] => [
      name,
      `${events}?${parameters.map((parameter) => `${parameter}={${parameter}}`).join('&')}`,
    ],
  )
  return {
    self: `${base}/event`,
    events: { self: events, events: [] },
    ...Object.fromEntries<unknown>(templates),
  }
}

const dates = ['dateFrom', 'dateTo'] as const

const eventTemplates = {
  eventsForSource: ['source'],
  eventsForSourceAndType: ['source', 'type'],
  eventsForType: ['type'],
  eventsForFragmentType: ['fragmentType'],
  eventsForTime: dates,
  eventsForSourceAndTime: ['source', ...dates],
  eventsForSourceAndFragmentType: ['source', 'fragmentType'],
  eventsForDateAndFragmentType: [...dates, 'fragmentType'],
  eventsForFragmentTypeAndType: ['fragmentType', 'type'],
  eventsForTimeAndType: [...dates, 'type'],
  eventsForSourceAndDateAndFragmentType: ['source', ...dates, 'fragmentType'],
  eventsForSourceAndDateAndFragmentTypeAndType: ['source', ...dates, 'fragmentType', 'type'],
  eventsForSourceAndFragmentTypeAndType: ['source', 'fragmentType', 'type'],
  eventsForSourceAndTimeAndType: ['source', ...dates, 'type'],
  eventsForDateAndFragmentTypeAndType: [...dates, 'fragmentType', 'type'],
} satisfies Record<string, readonly string[]>

export const encodeInventoryApi = (base: string): Record<string, unknown> => {
  const objects = `${base}/inventory/managedObjects`
  return {
    self: `${base}/inventory`,
    managedObjects: { self: objects, references: [] },
    managedObjectsForType: `${objects}?type={type}`,
    managedObjectsForFragmentType: `${objects}?fragmentType={fragmentType}`,
    managedObjectsForListOfIds: `${objects}?ids={ids}`,
    managedObjectsForText: `${objects}?text={text}`,
    managedObjectsForOwner: `${objects}?owner={owner}`,
  }
}

export const encodeIdentityApi = (base: string): Record<string, unknown> => ({
  self: `${base}/identity`,
  externalId: `${base}/identity/externalIds/{type}/{externaId}`,
  externalIdsOfGlobalId: `${base}/identity/globalIds/{globalId}/externalIds`,
})

export const encodeUserApi = (base: string): Record<string, unknown> => ({
  self: `${base}/user`,
  users: `${base}/user/{realm}/users`,
  userByName: `${base}/user/{realm}/userByName/{userName}`,
  currentUser: `${base}/user/currentUser`,
  groups: `${base}/user/{realm}/groups`,
  groupByName: `${base}/user/{realm}/groupByName/{groupName}`,
  roles: `${base}/user/roles`,
})

/** Of the applications that tenants subscribe to there is no member: nothing answers there. */
export const encodeTenantApi = (base: string): Record<string, unknown> => {
  const [own, system] = [`${base}/tenant/options`, `${base}/tenant/system/options`]
  return {
    self: `${base}/tenant`,
    tenants: { self: `${base}/tenant/tenants`, tenants: [] },
    tenantForId: `${base}/tenant/tenants/{tenantId}`,
    options: { self: own, options: [] },
    tenantOptionsForCategory: `${own}/{category}`,
    tenantOptionForCategoryAndKey: `${own}/{category}/{key}`,
    tenantSystemOptions: system,
    tenantSystemOptionsForCategoryAndKey: `${system}/{category}/{key}`,
  }
}

export const encodeAuditApi = (base: string): Record<string, unknown> => {
  const records = `${base}/audit/auditRecords`
  return {
    self: `${base}/audit`,
    auditRecords: { self: records, auditRecords: [] },
    auditRecordsForType: `${records}?type={type}`,
    auditRecordsForUser: `${records}?user={user}`,
    auditRecordsForApplication: `${records}?application={application}`,
    auditRecordsForUserAndType: `${records}?user={user}&type={type}`,
    auditRecordsForUserAndApplication: `${records}?user={user}&application={application}`,
    auditRecordsForTypeAndApplication: `${records}?type={type}&application={application}`,
    auditRecordsForTypeAndUserAndApplication: `${records}?type={type}&user={user}&application={application}`,
  }
}

/** Only the APIs that are served: a member whose addresses answer nothing would mislead clients. */
export const encodePlatform = (base: string): Record<string, unknown> => ({
  self: `${base}/platform`,
  audit: encodeAuditApi(base),
  event: encodeEventApi(base),
  identity: encodeIdentityApi(base),
  inventory: encodeInventoryApi(base),
  tenant: encodeTenantApi(base),
  user: encodeUserApi(base),
})
