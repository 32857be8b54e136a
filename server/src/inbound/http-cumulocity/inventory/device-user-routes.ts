import type { FastifyInstance } from 'fastify'
import type { User } from '../../../core/account.ts'
import { failed, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { DeviceUser } from '../../../usecases/device-user.ts'
import { decodeMembers, missing, wrong } from '../ground/decode-members.ts'
import { decodeObjectId } from '../ground/decode-object-id.ts'
import { managedObjectUrl } from './encode-managed-object.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, ExchangePorts } from '../ground/exchange.ts'

/** The user of a device (docs/protocols/cumulocity.md, 6.1). */
export const registerDeviceUserRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { deviceUser }: { readonly deviceUser: DeviceUser },
): void => {
  const path = '/inventory/managedObjects/:id/user'

  /** 200; 404, also for an object that has no user of its own; 403. */
  server.get(
    path,
    answerWith(ports, async (exchange) => {
      const id = decodeObjectId(exchange, 'id')
      if (!id.ok) return id
      const user = await deviceUser.read(exchange.principal, id.value)
      return user.ok ? success(toAnswer(user.value, id.value, exchange.base)) : user
    }),
  )

  /** 200, enables or disables it; 404; 403 without the right to administer users; 422. */
  server.put(
    path,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const enabled = decodeEnabled(body.value.text)
      if (!enabled.ok) return enabled
      const id = decodeObjectId(exchange, 'id')
      if (!id.ok) return id
      const user = await deviceUser.enable(exchange.principal, id.value, enabled.value)
      return user.ok ? success(toAnswer(user.value, id.value, exchange.base)) : user
    }),
  )
}

const decodeEnabled = (text: string): Result<boolean> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const enabled = members.value.get('enabled')
  if (enabled === undefined || enabled.kind === 'null') return failed(missing('enabled'))
  return enabled.kind === 'boolean'
    ? success(enabled.value === 'true')
    : failed(wrong('enabled', 'must be true or false'))
}

const toAnswer = ({ name, enabled }: User, id: ManagedObjectId, base: string): Answer => {
  const self = `${managedObjectUrl(base, id)}/user`
  const body = JSON.stringify({ self, userName: name, enabled })
  return { status: 200, resource: 'managedObjectUser', body }
}
