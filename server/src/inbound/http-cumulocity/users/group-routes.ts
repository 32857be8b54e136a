import type { FastifyInstance } from 'fastify'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { Group } from '../../../core/group.ts'
import type { ManageGroups } from '../../../usecases/manage-groups.ts'
import { decodeGroup, decodeGroupPath, decodeGroupUpdate } from './decode-group.ts'
import { decodePathTenant } from './decode-user-path.ts'
import { encodeGroup, groupUrl } from './encode-group.ts'
import { encodeJson } from '../ground/encode-json.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { answerList } from '../ground/answer-list.ts'

export type GroupUseCases = { readonly manageGroups: ManageGroups }

const groups = '/user/:tenant/groups'

/** Groups of users (docs/protocols/cumulocity.md, 6.3). A foreign tenant in the path answers 403, whether or not it exists. */
export const registerGroupRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageGroups }: GroupUseCases,
): void => {
  /** 200 with a page by ascending id; 403; 422 for a page that cannot be read. */
  server.get(
    groups,
    answerWith(ports, async (exchange) => {
      const tenant = decodePathTenant(exchange)
      if (!tenant.ok) return tenant
      const list = await manageGroups.list(exchange.principal, tenant.value)
      if (!list.ok) return list
      const url = `${exchange.base}/user/${tenant.value}/groups`
      return answerList(
        exchange,
        { name: 'groups', resource: 'groupCollection', url },
        list.value,
        encodeGroup,
      )
    }),
  )

  /** 201 with `Location`; 403; 409 when the name is taken; 415, 422. */
  server.post(
    groups,
    answerWith(ports, (exchange) => createGroup(exchange, manageGroups)),
  )

  /** 200; 403; 404. */
  server.get(
    `${groups}/:group`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const { tenant, id } = path.value
      return toAnswer(exchange, await manageGroups.read(exchange.principal, tenant, id))
    }),
  )

  /** 200; 403; 404. */
  server.get(
    '/user/:tenant/groupByName/:groupName',
    answerWith(ports, async (exchange) => {
      const tenant = decodePathTenant(exchange)
      if (!tenant.ok) return tenant
      const name = exchange.parameter('groupName')
      return toAnswer(
        exchange,
        await manageGroups.readByName(exchange.principal, tenant.value, name),
      )
    }),
  )
  registerGroupChanges(server, ports, manageGroups)
}

/** PUT and DELETE. */
const registerGroupChanges = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageGroups: ManageGroups,
): void => {
  /** 200, a partial update; 403; 404; 409 when the new name is taken; 415, 422. */
  server.put(
    `${groups}/:group`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const body = await exchange.readBody()
      if (!body.ok) return body
      const update = decodeGroupUpdate(body.value.text)
      if (!update.ok) return update
      const { tenant, id } = path.value
      return toAnswer(
        exchange,
        await manageGroups.change(exchange.principal, tenant, id, update.value),
      )
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    `${groups}/:group`,
    answerWith(ports, async (exchange) => {
      const path = decodeGroupPath(exchange)
      if (!path.ok) return path
      const done = await manageGroups.delete(exchange.principal, path.value.tenant, path.value.id)
      return done.ok ? success(deleted) : done
    }),
  )
}

const deleted: Answer = { status: 204, resource: 'group', body: undefined }

const toAnswer = ({ base }: Exchange, group: Result<Group>): Answerable<Answer> =>
  group.ok
    ? success({
        status: 200,
        resource: 'group',
        body: encodeJson(encodeGroup(group.value, base)),
      })
    : group

const createGroup = async (
  exchange: Exchange,
  manageGroups: ManageGroups,
): Promise<Answerable<Answer>> => {
  const tenant = decodePathTenant(exchange)
  if (!tenant.ok) return tenant
  const body = await exchange.readBody()
  if (!body.ok) return body
  const draft = decodeGroup(body.value.text)
  if (!draft.ok) return draft
  const group = await manageGroups.create(exchange.principal, tenant.value, draft.value)
  if (!group.ok) return group
  return success({
    status: 201,
    resource: 'group',
    body: encodeJson(encodeGroup(group.value, exchange.base)),
    location: groupUrl(group.value, exchange.base),
  })
}
