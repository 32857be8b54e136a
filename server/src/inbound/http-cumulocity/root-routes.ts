import type { FastifyInstance } from 'fastify'
import { hasRole } from '../../core/access.ts'
import type { Principal, Role } from '../../core/access.ts'
import { denied, success } from '../../core/failure.ts'
import {
  encodeAuditApi,
  encodeEventApi,
  encodeIdentityApi,
  encodeInventoryApi,
  encodePlatform,
  encodeTenantApi,
  encodeUserApi,
} from './encode-api-roots.ts'
import { answerWith } from './ground/exchange.ts'
import type { ExchangePorts } from './ground/exchange.ts'
import type { Resource } from './ground/media-types.ts'

type Root = {
  readonly path: string
  readonly resource: Resource
  readonly role: Role | undefined
  readonly encode: (base: string) => Record<string, unknown>
}

const roots: readonly Root[] = [
  { path: '/platform', resource: 'platformApi', role: undefined, encode: encodePlatform },
  { path: '/audit', resource: 'auditApi', role: undefined, encode: encodeAuditApi },
  { path: '/event', resource: 'eventApi', role: 'ROLE_EVENT_READ', encode: encodeEventApi },
  { path: '/inventory', resource: 'inventoryApi', role: undefined, encode: encodeInventoryApi },
  { path: '/identity', resource: 'identityApi', role: undefined, encode: encodeIdentityApi },
  { path: '/tenant', resource: 'tenantApi', role: undefined, encode: encodeTenantApi },
  { path: '/user', resource: 'userApi', role: undefined, encode: encodeUserApi },
]

/** The API roots (docs/protocols/cumulocity.md, 3.1 and 6.4): 200; 403 where a role is named. */
export const registerRootRoutes = (server: FastifyInstance, ports: ExchangePorts): void => {
  for (const { path, resource, role, encode } of roots) {
    server.get(
      path,
      answerWith(ports, ({ principal, base }) => {
        const body = JSON.stringify(encode(base))
        return Promise.resolve(
          mayRead(principal, role) ? success({ status: 200, resource, body }) : denied,
        )
      }),
    )
  }
}

/** A key reads events, so it may read what leads to them. */
const mayRead = (principal: Principal, role: Role | undefined): boolean =>
  role === undefined || principal.kind === 'key' || hasRole(principal, role)
