import type { FastifyInstance } from 'fastify'
import type { User } from '../../../core/account.ts'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { ManageUsers, UserWithGroups } from '../../../usecases/manage-users.ts'
import { answerList } from '../ground/answer-list.ts'
import { decodeUserFilter } from './decode-user-filter.ts'
import { decodePathTenant, decodeUserPath } from './decode-user-path.ts'
import { decodeUser, decodeUserUpdate } from './decode-user.ts'
import { encodeJson } from '../ground/encode-json.ts'
import { encodeUser, userUrl } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts, Handler } from '../ground/exchange.ts'
import { queryParametersOf } from '../ground/query-parameters.ts'

export type UserUseCases = { readonly manageUsers: ManageUsers }

/**
 * The users of a tenant (docs/protocols/cumulocity.md, 6.3). A foreign tenant in the path answers 403, whether or not it
 * exists.
 */
export const registerUserRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageUsers }: UserUseCases,
): void => {
  const { read, change } = manageUsers
  const users = '/user/:tenant/users'

  /** 200 with a page by ascending name; 403; 422 for a page or a filter that cannot be read. */
  server.get(
    users,
    answerWith(ports, (exchange) => listUsers(exchange, manageUsers)),
  )

  /** 201 with `Location`; 403; 409 when the name is taken; 415, 422. */
  server.post(
    users,
    answerWith(ports, (exchange) => createUser(exchange, manageUsers)),
  )

  /** 200; 403; 404. */
  const readUser: Handler = (exchange) =>
    answerUser(exchange, manageUsers, (tenant, name) => read(exchange.principal, tenant, name))
  server.get(`${users}/:name`, answerWith(ports, readUser))
  server.get('/user/:tenant/userByName/:name', answerWith(ports, readUser))

  /** 200, a partial update; 403; 404; 422. */
  server.put(
    `${users}/:name`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const update = decodeUserUpdate(body.value.text)
      if (!update.ok) return update
      return answerUser(exchange, manageUsers, (tenant, name) =>
        change(exchange.principal, tenant, name, update.value),
      )
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    `${users}/:name`,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const { tenant, name } = path.value
      const done = await manageUsers.delete(exchange.principal, tenant, name)
      return done.ok ? success(deleted) : done
    }),
  )
}

const deleted: Answer = { status: 204, resource: 'user', body: undefined }

const answerUser = async (
  exchange: Exchange,
  { withGroups }: ManageUsers,
  find: (tenant: TenantId, name: UserName) => Promise<Result<User>>,
): Promise<Answerable<Answer>> => {
  const path = decodeUserPath(exchange)
  if (!path.ok) return path
  const user = await find(path.value.tenant, path.value.name)
  const described = user.ok ? await withGroups([user.value]) : user
  if (!described.ok) return described
  const [body] = described.value.map((each) => encodeWithGroups(each, exchange.base))
  return success({ status: 200, resource: 'user', body })
}

const listUsers = async (
  exchange: Exchange,
  manageUsers: ManageUsers,
): Promise<Answerable<Answer>> => {
  const tenant = decodePathTenant(exchange)
  if (!tenant.ok) return tenant
  const users = await manageUsers.list(exchange.principal, tenant.value)
  if (!users.ok) return users
  const filter = decodeUserFilter(queryParametersOf(exchange.request))
  if (!filter.ok) return filter
  const { holds, withSubusersCount } = filter.value
  const described = await manageUsers.withGroups(users.value.filter(holds))
  if (!described.ok) return described
  const owned = withSubusersCount ? countOwned(users.value) : undefined
  const url = `${exchange.base}/user/${tenant.value}/users`
  const kind = { name: 'users', resource: 'userCollection', url } as const
  return answerList(exchange, kind, described.value, ({ user, groups }, base) => ({
    ...encodeUser(user, groups, base),
    ...(owned === undefined ? {} : { subusersCount: owned.get(user.name) ?? 0 }),
  }))
}

/** How many users each one owns directly. */
const countOwned = (users: readonly User[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { profile } of users) {
    const owner = profile['owner']
    if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  }
  return counts
}

const encodeWithGroups = ({ user, groups }: UserWithGroups, base: string): string =>
  encodeJson(encodeUser(user, groups, base))

const createUser = async (
  exchange: Exchange,
  manageUsers: ManageUsers,
): Promise<Answerable<Answer>> => {
  const tenant = decodePathTenant(exchange)
  if (!tenant.ok) return tenant
  const body = await exchange.readBody()
  if (!body.ok) return body
  const draft = decodeUser(body.value.text)
  if (!draft.ok) return draft
  const user = await manageUsers.create(exchange.principal, tenant.value, draft.value)
  if (!user.ok) return user
  return success({
    status: 201,
    resource: 'user',
    body: encodeJson(encodeUser(user.value, [], exchange.base)),
    location: userUrl(user.value, exchange.base),
  })
}
