import type { FastifyInstance } from 'fastify'
import { parseId } from '../../../core/event-id.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { toInventoryRoleId } from '../../../core/identity.ts'
import type { InventoryRoleId } from '../../../core/identity.ts'
import type { InventoryRole } from '../../../core/inventory-role.ts'
import type { Assigned, ManageInventoryRoles } from '../../../usecases/manage-inventory-roles.ts'
import { answerList } from '../ground/answer-list.ts'
import {
  decodeAssignment,
  decodeAssignmentUpdate,
  decodeInventoryRole,
  decodeInventoryRoleUpdate,
} from './decode-inventory-role.ts'
import { decodeUserPath } from './decode-user-path.ts'
import type { UserPath } from './decode-user-path.ts'
import { userUrl } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

export type InventoryRoleUseCases = { readonly manageInventoryRoles: ManageInventoryRoles }

const roles = '/user/inventoryroles'
const assignments = '/user/:tenant/users/:name/roles/inventory'

/** Inventory roles (docs/protocols/cumulocity.md, 5.6). */
export const registerInventoryRoleRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageInventoryRoles }: InventoryRoleUseCases,
): void => {
  /** 200 with a page by ascending id, the predefined ones first; 403. */
  server.get(
    roles,
    answerWith(ports, async (exchange) => {
      const list = await manageInventoryRoles.list(exchange.principal)
      if (!list.ok) return list
      const url = `${exchange.base}${roles}`
      const kind = { name: 'roles', resource: 'inventoryRoleCollection', url } as const
      return answerList(exchange, kind, list.value, encodeInventoryRole)
    }),
  )

  /** 201 with `Location`; 403; 409 when the name is taken; 415, 422. */
  server.post(
    roles,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      const draft = body.ok ? decodeInventoryRole(body.value.text) : body
      if (!draft.ok) return draft
      const role = await manageInventoryRoles.create(exchange.principal, draft.value)
      if (!role.ok) return role
      const location = `${exchange.base}${roles}/${role.value.id}`
      return success({ ...roleAnswer(role.value, exchange), status: 201, location })
    }),
  )

  /** 200; 403; 404. */
  server.get(
    `${roles}/:inventoryRole`,
    answerWith(ports, async (exchange) => {
      const id = roleIdIn(exchange)
      const role = id.ok ? await manageInventoryRoles.read(exchange.principal, id.value) : id
      return role.ok ? success(roleAnswer(role.value, exchange)) : role
    }),
  )

  /** 200, a partial update; 403; 404; 409; 415, 422, also for a predefined one. */
  server.put(
    `${roles}/:inventoryRole`,
    answerWith(ports, async (exchange) => {
      const id = roleIdIn(exchange)
      if (!id.ok) return id
      const body = await exchange.readBody()
      if (!body.ok) return body
      const update = decodeInventoryRoleUpdate(body.value.text)
      if (!update.ok) return update
      const role = await manageInventoryRoles.change(exchange.principal, id.value, update.value)
      return role.ok ? success(roleAnswer(role.value, exchange)) : role
    }),
  )

  /** 204; 403; 404; 422 for a predefined one. */
  server.delete(
    `${roles}/:inventoryRole`,
    answerWith(ports, async (exchange) => {
      const id = roleIdIn(exchange)
      const done = id.ok ? await manageInventoryRoles.delete(exchange.principal, id.value) : id
      return done.ok ? success(deleted) : done
    }),
  )
  registerAssignments(server, ports, manageInventoryRoles)
}

const registerAssignments = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageInventoryRoles: ManageInventoryRoles,
): void => {
  /** 200; 403; 404. */
  server.get(
    assignments,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const list = await manageInventoryRoles.assignments(exchange.principal, path.value)
      if (!list.ok) return list
      const url = assignmentsUrl(path.value, exchange)
      const kind = {
        name: 'inventoryAssignments',
        resource: 'inventoryAssignmentCollection',
        url,
      } as const
      return answerList(exchange, kind, list.value, (each, base) =>
        encodeAssignment(each, url, base),
      )
    }),
  )

  /** 200, as the original answers it; 403; 404 for an unknown user or object; 415, 422. */
  server.post(
    assignments,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const body = await exchange.readBody()
      if (!body.ok) return body
      const draft = decodeAssignment(body.value.text)
      if (!draft.ok) return draft
      const assigned = await manageInventoryRoles.assign(
        exchange.principal,
        path.value,
        draft.value,
      )
      const url = assignmentsUrl(path.value, exchange)
      return assignmentAnswer(assigned, url, exchange)
    }),
  )
  registerOneAssignment(server, ports, manageInventoryRoles)
}

const registerOneAssignment = (
  server: FastifyInstance,
  ports: ExchangePorts,
  manageInventoryRoles: ManageInventoryRoles,
): void => {
  /** 200; 403; 404. */
  server.get(
    `${assignments}/:assignment`,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const list = await manageInventoryRoles.assignments(exchange.principal, path.value)
      if (!list.ok) return list
      const wanted = exchange.parameter('assignment')
      const found = list.value.find(({ id }) => String(id) === wanted)
      const url = assignmentsUrl(path.value, exchange)
      const result = found === undefined ? notFound('inventory-assignment', wanted) : success(found)
      return assignmentAnswer(result, url, exchange)
    }),
  )

  /** 200 with other roles on the same object; 403; 404; 415, 422, also for another object. */
  server.put(
    `${assignments}/:assignment`,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const body = await exchange.readBody()
      if (!body.ok) return body
      const update = decodeAssignmentUpdate(body.value.text)
      if (!update.ok) return update
      const id = parseId(exchange.parameter('assignment')) ?? 0
      const assigned = await manageInventoryRoles.reassign(
        exchange.principal,
        path.value,
        id,
        update.value,
      )
      const url = assignmentsUrl(path.value, exchange)
      return assignmentAnswer(assigned, url, exchange)
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    `${assignments}/:assignment`,
    answerWith(ports, async (exchange) => {
      const path = decodeUserPath(exchange)
      if (!path.ok) return path
      const id = parseId(exchange.parameter('assignment')) ?? 0
      const done = await manageInventoryRoles.unassign(exchange.principal, path.value, id)
      return done.ok ? success(deleted) : done
    }),
  )
}

const deleted: Answer = { status: 204, resource: 'inventoryRole', body: undefined }

const roleIdIn = ({ parameter }: Exchange): Result<InventoryRoleId> => {
  const id = parseId(parameter('inventoryRole'))
  return id === undefined
    ? notFound('inventory-role', parameter('inventoryRole'))
    : success(toInventoryRoleId(id))
}

const roleAnswer = (role: InventoryRole, { base }: Exchange): Answer => ({
  status: 200,
  resource: 'inventoryRole',
  body: JSON.stringify(encodeInventoryRole(role, base)),
})

const assignmentsUrl = (user: UserPath, { base }: Exchange): string =>
  `${userUrl(user, base)}/roles/inventory`

const assignmentAnswer = (
  assigned: Result<Assigned>,
  url: string,
  { base }: Exchange,
): Answerable<Answer> =>
  assigned.ok
    ? success({
        status: 200,
        resource: 'inventoryAssignment',
        body: JSON.stringify(encodeAssignment(assigned.value, url, base)),
      })
    : assigned

const encodeInventoryRole = (role: InventoryRole, base: string): Record<string, unknown> => ({
  id: role.id,
  self: `${base}${roles}/${role.id}`,
  name: role.name,
  description: role.description,
  permissions: role.permissions.map(({ scope, fragment, level }, index) => ({
    id: index + 1,
    scope,
    type: fragment,
    permission: level,
  })),
})

const encodeAssignment = (
  assigned: Assigned,
  url: string,
  base: string,
): Record<string, unknown> => ({
  id: assigned.id,
  self: `${url}/${assigned.id}`,
  managedObject: String(assigned.object),
  roles: assigned.roles.map((role) => encodeInventoryRole(role, base)),
})
