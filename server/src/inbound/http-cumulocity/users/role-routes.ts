import type { FastifyInstance } from 'fastify'
import { roles } from '../../../core/access.ts'
import { denied, success } from '../../../core/failure.ts'
import type { ManageUsers } from '../../../usecases/manage-users.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeRole, decodeRoleReference } from './decode-user.ts'
import { decodeUserPath } from './decode-user-path.ts'
import { encodeRole } from './encode-role.ts'
import { encodeRoleReference, roleReferenceUrl } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

/** Roles, and which user has them (docs/protocols/cumulocity.md, 6.3). */
export const registerRoleRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageUsers }: { readonly manageUsers: ManageUsers },
): void => {
  const { grant, revoke } = manageUsers
  const userRoles = '/user/:tenant/users/:name/roles'

  /** 201 with `Location`, also when the user has the role already; 403; 404 for an unknown user or role; 422. */
  server.post(
    userRoles,
    answerWith(ports, (exchange) => grantRole(exchange, grant)),
  )

  /** 204; 403; 404, also when the user does not have the role. */
  server.delete(
    `${userRoles}/:role`,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const role = decodeRole(exchange.parameter('role'))
      if (!role.ok) return role
      const { tenant, name } = path.value
      const user = await revoke(exchange.principal, tenant, name, role.value)
      return user.ok ? success(revoked) : user
    }),
  )

  /** 200 with the roles that this server gives a meaning to; 403 for a key. */
  server.get(
    '/user/roles',
    answerWith(ports, (exchange) => Promise.resolve(listRoles(exchange))),
  )

  /** 200; 404; 403 for a key. */
  server.get(
    '/user/roles/:role',
    answerWith(ports, ({ principal, parameter, base }) => {
      const role = principal.kind === 'user' ? decodeRole(parameter('role')) : denied
      if (!role.ok) return Promise.resolve(role)
      const body = JSON.stringify(encodeRole(role.value, base))
      return Promise.resolve(success({ status: 200, resource: 'role', body }))
    }),
  )
}

const revoked: Answer = { status: 204, resource: 'role', body: undefined }

const grantRole = async (
  exchange: Exchange,
  grant: ManageUsers['grant'],
): Promise<Answerable<Answer>> => {
  const path = decodeUserPath(exchange)
  if (!path.ok) return path
  const body = await exchange.readBody()
  if (!body.ok) return body
  const role = decodeRoleReference(body.value.text)
  if (!role.ok) return role
  const { tenant, name } = path.value
  const user = await grant(exchange.principal, tenant, name, role.value)
  if (!user.ok) return user
  return success({
    status: 201,
    resource: 'roleReference',
    body: JSON.stringify(encodeRoleReference(user.value, role.value, exchange.base)),
    location: roleReferenceUrl(user.value, role.value, exchange.base),
  })
}

const listRoles = (exchange: Exchange): Answerable<Answer> => {
  if (exchange.principal.kind !== 'user') return denied
  const url = `${exchange.base}/user/roles`
  return answerList(exchange, { name: 'roles', resource: 'roleCollection', url }, roles, encodeRole)
}
