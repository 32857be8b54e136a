import type { Area } from '../http/area.ts'
import { applicationArea } from './application-area.ts'
import { auditArea } from './audit-area.ts'
import { sharedSchemas } from './cumulocity-dialect.ts'
import { deviceRegistrationArea } from './device-registration-area.ts'
import { eventArea } from './event-area.ts'
import { groupArea } from './group-area.ts'
import { identityArea } from './identity-area.ts'
import { inventoryArea } from './inventory-area.ts'
import { inventoryRoleArea } from './inventory-role-area.ts'
import { optionArea } from './option-area.ts'
import { retentionArea } from './retention-area.ts'
import { rootArea } from './root-area.ts'
import { tenantArea } from './tenant-area.ts'
import { tenantsArea } from './tenants-area.ts'
import { userArea } from './user-area.ts'

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
