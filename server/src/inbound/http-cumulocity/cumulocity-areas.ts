import type { Area } from '../http/area.ts'
import { applicationArea } from './tenants/application-area.ts'
import { auditArea } from './tenants/audit-area.ts'
import { sharedSchemas } from './ground/cumulocity-dialect.ts'
import { deviceRegistrationArea } from './registration/device-registration-area.ts'
import { eventArea } from './events/event-area.ts'
import { groupArea } from './users/group-area.ts'
import { identityArea } from './inventory/identity-area.ts'
import { inventoryArea } from './inventory/inventory-area.ts'
import { inventoryRoleArea } from './users/inventory-role-area.ts'
import { optionArea } from './tenants/option-area.ts'
import { retentionArea } from './tenants/retention-area.ts'
import { rootArea } from './root-area.ts'
import { tenantArea } from './tenants/tenant-area.ts'
import { tenantsArea } from './tenants/tenants-area.ts'
import { userArea } from './users/user-area.ts'

/** What the dialect serves, in the order in which it is described. */
export const cumulocityAreas: readonly Area[] = [
  { ...rootArea, schemas: { ...sharedSchemas, ...rootArea.schemas } },
  eventArea,
  inventoryArea,
  identityArea,
  tenantArea,
  tenantsArea,
  optionArea,
  applicationArea,
  retentionArea,
  auditArea,
  userArea,
  groupArea,
  inventoryRoleArea,
  deviceRegistrationArea,
]
