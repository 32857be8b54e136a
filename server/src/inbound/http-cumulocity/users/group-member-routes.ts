import type { FastifyInstance } from 'fastify'
import { decodeUserName } from '../../../core/decode-identity.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { ManageGroups } from '../../../usecases/manage-groups.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeGroupPath, decodeUserReference } from './decode-group.ts'
import { decodeRole, decodeRoleReference } from './decode-user.ts'
import { decodeUserPath } from './decode-user-path.ts'
import { encodeGroupReference, encodeGroupRole, groupRoleUrl, groupUrl } from './encode-group.ts'
import { encodeJson } from '../ground/encode-json.ts'
import { encodeUser, userUrl } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

const oneGroup = '/user/:tenant/groups/:group'

/** Who is in a group, and what roles it has (docs/protocols/cumulocity.md, 6.3). */
export const registerGroupMemberRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageGroups }: { readonly manageGroups: ManageGroups },
): void => {
  const { members } = manageGroups

  /** 200 with a page by ascending name; 403; 404. */
  server.get(
    `${oneGroup}/users`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const users = await members.list(exchange.principal, path.value)
      if (!users.ok) return users
      const url = `${groupUrl(path.value, exchange.base)}/users`
      const kind = { name: 'references', resource: 'userReferenceCollection', url } as const
      return answerList(exchange, kind, users.value, (user, base) => ({
        self: `${url}/${encodeURIComponent(user.name)}`,
        user: encodeUser(user, [], base),
      }))
    }),
  )

  /** 201 with `Location`, also for a member; 403; 404 for an unknown group or user; 422. */
  server.post(
    `${oneGroup}/users`,
    answerWith(ports, (exchange) => addMember(exchange, members)),
  )

  /** 204; 403; 404, also for who is no member. */
  server.delete(
    `${oneGroup}/users/:name`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const name = decodeUserName(exchange.parameter('name'))
      if (name === undefined) return notFound('user', exchange.parameter('name'))
      const user = await members.remove(exchange.principal, path.value, name)
      return user.ok ? success(removed) : user
    }),
  )

  /** 200 with a page by ascending id; 403; 404. */
  server.get(
    '/user/:tenant/users/:name/groups',
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const { tenant, name } = path.value
      const groups = await members.groupsOf(exchange.principal, tenant, name)
      if (!groups.ok) return groups
      const url = `${userUrl({ tenant, name }, exchange.base)}/groups`
      const kind = { name: 'references', resource: 'groupReferenceCollection', url } as const
      return answerList(exchange, kind, groups.value, encodeGroupReference)
    }),
  )
  registerGroupRoles(server, ports, manageGroups)
}

const registerGroupRoles = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { roles, read }: ManageGroups,
): void => {
  /** 200 with a page; 403; 404. */
  server.get(
    `${oneGroup}/roles`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const { tenant, id } = path.value
      const found = await read(exchange.principal, tenant, id)
      if (!found.ok) return found
      const url = `${groupUrl(path.value, exchange.base)}/roles`
      const kind = { name: 'references', resource: 'roleReferenceCollection', url } as const
      return answerList(exchange, kind, found.value.roles, (role, base) =>
        encodeGroupRole(found.value, role, base),
      )
    }),
  )

  /** 201 with `Location`; 403; 404 for an unknown group or role; 409 when the group has it; 422. */
  server.post(
    `${oneGroup}/roles`,
    answerWith(ports, (exchange) => grantRole(exchange, roles)),
  )

  /** 204; 403; 404, also when the group does not have it. */
  server.delete(
    `${oneGroup}/roles/:role`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const role = decodeRole(exchange.parameter('role'))
      if (!role.ok) return role
      const changed = await roles.revoke(exchange.principal, path.value, role.value)
      return changed.ok ? success(removed) : changed
    }),
  )
}

const removed: Answer = { status: 204, resource: 'group', body: undefined }

const addMember = async (
  exchange: Exchange,
  members: ManageGroups['members'],
): Promise<Answerable<Answer>> => {
  const path = decodeGroupPath(exchange)
  if (!path.ok) return path
  const body = await exchange.readBody()
  if (!body.ok) return body
  const name = decodeUserReference(body.value.text)
  if (!name.ok) return name
  const user = await members.add(exchange.principal, path.value, name.value)
  if (!user.ok) return user
  const url = `${groupUrl(path.value, exchange.base)}/users/${encodeURIComponent(name.value)}`
  const reference = { self: url, user: encodeUser(user.value, [], exchange.base) }
  return success({
    status: 201,
    resource: 'userReference',
    body: encodeJson(reference),
    location: url,
  })
}

const grantRole = async (
  exchange: Exchange,
  roles: ManageGroups['roles'],
): Promise<Answerable<Answer>> => {
  const path = decodeGroupPath(exchange)
  if (!path.ok) return path
  const body = await exchange.readBody()
  if (!body.ok) return body
  const role = decodeRoleReference(body.value.text)
  if (!role.ok) return role
  const group = await roles.grant(exchange.principal, path.value, role.value)
  if (!group.ok) return group
  return success({
    status: 201,
    resource: 'roleReference',
    body: JSON.stringify(encodeGroupRole(group.value, role.value, exchange.base)),
    location: groupRoleUrl(group.value, role.value, exchange.base),
  })
}
