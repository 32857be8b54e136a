import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Meter } from '../../ports/meter.ts'
import type { Protocol, Refusal } from '../http/create-http-server.ts'
import { answerCrossOrigin } from '../http/cross-origin.ts'
import type { CrossOriginPorts } from '../http/cross-origin.ts'
import { registerAttachmentRoutes } from './events/attachment-routes.ts'
import type { AttachmentUseCases } from './events/attachment-routes.ts'
import { registerAuditRoutes } from './tenants/audit-routes.ts'
import type { AuditUseCases } from './tenants/audit-routes.ts'
import { registerChildRoutes } from './inventory/child-routes.ts'
import { registerDeviceUserRoutes } from './inventory/device-user-routes.ts'
import { registerCurrentUserRoutes } from './users/current-user-routes.ts'
import { cumulocityAreas } from './cumulocity-areas.ts'
import type { ErrorAnswer } from './ground/encode-failure.ts'
import { notFoundAnswers, requestAnswers } from './ground/encode-failure.ts'
import { registerEventRoutes } from './events/event-routes.ts'
import type { EventUseCases } from './events/event-routes.ts'
import { encodeError, sendError } from './ground/exchange.ts'
import type { ExchangePorts } from './ground/exchange.ts'
import { registerIdentityRoutes } from './inventory/identity-routes.ts'
import type { IdentityUseCases } from './inventory/identity-routes.ts'
import { registerInventoryRoutes } from './inventory/inventory-routes.ts'
import type { InventoryUseCases } from './inventory/inventory-routes.ts'
import { registerLogInRoutes } from './tenants/log-in-routes.ts'
import type { LogInUseCases } from './tenants/log-in-routes.ts'
import { registerDeviceRegistrationRoutes } from './registration/device-registration-routes.ts'
import type { RegistrationUseCases } from './registration/device-registration-routes.ts'
import { registerGroupMemberRoutes } from './users/group-member-routes.ts'
import { registerInventoryRoleRoutes } from './users/inventory-role-routes.ts'
import type { InventoryRoleUseCases } from './users/inventory-role-routes.ts'
import { registerGroupRoutes } from './users/group-routes.ts'
import type { GroupUseCases } from './users/group-routes.ts'
import { registerDevicePermissionRoutes } from './users/device-permission-routes.ts'
import type { DevicePermissionUseCases } from './users/device-permission-routes.ts'
import { registerApplicationRoutes } from './tenants/application-routes.ts'
import type { ApplicationUseCases } from './tenants/application-routes.ts'
import { registerTenantsRoutes } from './tenants/tenants-routes.ts'
import type { TenantsUseCases } from './tenants/tenants-routes.ts'
import { registerOptionRoutes } from './tenants/option-routes.ts'
import type { OptionUseCases } from './tenants/option-routes.ts'
import { registerRoleRoutes } from './users/role-routes.ts'
import { contentTypeOf } from './ground/media-types.ts'
import { registerRetentionRoutes } from './tenants/retention-routes.ts'
import type { RetentionUseCases } from './tenants/retention-routes.ts'
import { registerRootRoutes } from './root-routes.ts'
import { registerStoredFileRoutes } from './inventory/stored-file-routes.ts'
import type { StoredFileUseCases } from './inventory/stored-file-routes.ts'
import { registerTenantRoutes } from './tenants/tenant-routes.ts'
import type { TenantUseCases } from './tenants/tenant-routes.ts'
import { registerUserRoutes } from './users/user-routes.ts'
import type { UserUseCases } from './users/user-routes.ts'

export type CumulocityUseCases = EventUseCases &
  AttachmentUseCases &
  StoredFileUseCases &
  InventoryUseCases &
  IdentityUseCases &
  UserUseCases &
  LogInUseCases &
  GroupUseCases &
  InventoryRoleUseCases &
  RegistrationUseCases &
  OptionUseCases &
  TenantsUseCases &
  ApplicationUseCases &
  DevicePermissionUseCases &
  TenantUseCases &
  RetentionUseCases &
  AuditUseCases & {
    /** It asks who calls without counting a request. */
    readonly crossOrigin: Pick<CrossOriginPorts, 'admitOrigin' | 'authenticate'>
  }

/** The Cumulocity dialect: everything that no other protocol has claimed by a longer prefix. */
export const createCumulocityProtocol = (
  ports: ExchangePorts,
  useCases: CumulocityUseCases,
  meter: Meter,
): Protocol => ({
  prefix: '/',
  areas: cumulocityAreas,
  hookAll: (server) => {
    answerCrossOrigin(server, { ...ports, ...useCases.crossOrigin })
  },
  register: (server) => {
    registerRootRoutes(server, ports)
    registerEventRoutes(server, ports, useCases, meter)
    registerAttachmentRoutes(server, ports, useCases)
    registerStoredFileRoutes(server, ports, useCases)
    registerInventoryRoutes(server, ports, useCases)
    registerChildRoutes(server, ports, useCases)
    registerDeviceUserRoutes(server, ports, useCases)
    registerIdentityRoutes(server, ports, useCases)
    registerCurrentUserRoutes(server, ports, useCases)
    registerUserRoutes(server, ports, useCases)
    registerInventoryRoleRoutes(server, ports, useCases)
    registerGroupRoutes(server, ports, useCases)
    registerGroupMemberRoutes(server, ports, useCases)
    registerDeviceRegistrationRoutes(server, ports, useCases)
    registerRoleRoutes(server, ports, useCases)
    registerLogInRoutes(server, ports, useCases)
    registerOptionRoutes(server, ports, useCases)
    registerDevicePermissionRoutes(server, ports, useCases)
    registerApplicationRoutes(server, ports, useCases)
    registerTenantsRoutes(server, ports, useCases)
    registerTenantRoutes(server, ports, useCases)
    registerRetentionRoutes(server, ports, useCases)
    registerAuditRoutes(server, ports, useCases)
  },
  refuse,
  encodeUnread: (unread) => ({
    contentType: contentTypeOf('error', 'vendor'),
    body: encodeError(toError(unread, '')),
  }),
})

const refuse = (refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (refusal.kind === 'no-method') reply.header('allow', refusal.allowed.join(', '))
  return sendError(request, reply, toError(refusal, request.id))
}

const toError = (refusal: Refusal, requestId: string): ErrorAnswer => {
  switch (refusal.kind) {
    case 'no-route':
      return notFoundAnswers.route
    case 'no-method':
      return requestAnswers.methodNotAllowed
    case 'bad-request':
      return badRequest(refusal.status, refusal.message)
    case 'bug':
      return {
        ...requestAnswers.internal,
        message: `Internal error; the log has it under request id ${requestId}`,
      }
  }
}

const badRequest = (status: 400 | 431, message: string): ErrorAnswer => {
  const answers = {
    400: requestAnswers.badRequest,
    431: requestAnswers.headersTooLarge,
  }
  return { ...answers[status], message }
}
