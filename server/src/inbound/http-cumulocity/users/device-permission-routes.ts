import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type {
  ManageDevicePermissions,
  PermissionHolders,
} from '../../../usecases/manage-device-permissions.ts'
import { decodeObjectId } from '../ground/decode-object-id.ts'
import { decodePermissionUpdate } from './decode-permission-update.ts'
import { userUrl } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Exchange, ExchangePorts } from '../ground/exchange.ts'

export type DevicePermissionUseCases = {
  readonly manageDevicePermissions: ManageDevicePermissions
}

const path = '/user/devicePermissions/:id'

/** Who has which permission on an object (docs/protocols/cumulocity.md, 5.6). */
export const registerDevicePermissionRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageDevicePermissions }: DevicePermissionUseCases,
): void => {
  /** 200; 403; 404 for an unknown object. */
  server.get(
    path,
    answerWith(ports, async (exchange) => {
      const id = decodeObjectId(exchange, 'id')
      if (!id.ok) return id
      const holders = await manageDevicePermissions.read(exchange.principal, id.value)
      if (!holders.ok) return holders
      const body = JSON.stringify(encodeHolders(holders.value, exchange))
      return success({ status: 200, resource: 'json', body })
    }),
  )

  /** 200 without a body; 403; 404 for an unknown object, user or group; 415, 422. */
  server.put(
    path,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const update = body.ok
        ? decodePermissionUpdate(body.value.text, exchange.parameter('id'))
        : body
      if (!update.ok) return update
      const id = decodeObjectId(exchange, 'id')
      if (!id.ok) return id
      const { principal } = exchange
      const done = await manageDevicePermissions.change(principal, id.value, update.value)
      return done.ok ? success({ status: 200, resource: 'json', body: undefined }) : done
    }),
  )
}

/** Of each only its permissions on this object: the others are nobody's question here. */
const encodeHolders = (
  { users, groups }: PermissionHolders,
  { base, parameter }: Exchange,
): Record<string, unknown> => {
  const object = parameter('id')
  const on = (permissions: Readonly<Record<string, readonly string[]>>) => ({
    [object]: permissions[object] ?? [],
  })
  return {
    users: users.map(({ tenant, name, devicePermissions }) => ({
      id: name,
      self: userUrl({ tenant, name }, base),
      userName: name,
      devicePermissions: on(devicePermissions),
    })),
    groups: groups.map(({ tenant, id, name, devicePermissions }) => ({
      id,
      self: `${base}/user/${encodeURIComponent(tenant)}/groups/${id}`,
      name,
      devicePermissions: on(devicePermissions),
    })),
  }
}
