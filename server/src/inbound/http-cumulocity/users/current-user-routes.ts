import type { FastifyInstance } from 'fastify'
import type { User } from '../../../core/account.ts'
import { success } from '../../../core/failure.ts'
import type { ManageUsers } from '../../../usecases/manage-users.ts'
import { decodePasswordChange, decodeUserUpdate } from './decode-user.ts'
import { encodeJson } from '../ground/encode-json.ts'
import { encodeCurrentUser, encodeUser } from './encode-user.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

/** The caller itself (docs/protocols/cumulocity.md, 6.3): as `user` when Accept names that type, else as `currentUser`. */
export const registerCurrentUserRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageUsers }: { readonly manageUsers: ManageUsers },
): void => {
  /** 200; 403 for a key. */
  server.get(
    '/user/currentUser',
    answerWith(ports, async (exchange) => {
      const user = await manageUsers.readSelf(exchange.principal)
      return user.ok ? toAnswer(user.value, exchange, manageUsers) : user
    }),
  )

  /** 200, a partial update of names and password; 403 without ROLE_USER_MANAGEMENT_OWN_ADMIN; 422. */
  server.put(
    '/user/currentUser',
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const update = decodeUserUpdate(body.value.text)
      if (!update.ok) return update
      // Who owns a user is told by those who administer users.
      const { owner: _owner, ...profile } = update.value.profile ?? {}
      const { password } = update.value
      const user = await manageUsers.changeSelf(exchange.principal, { password, profile })
      return user.ok ? toAnswer(user.value, exchange, manageUsers) : user
    }),
  )

  /** 200 without a body; 403 for a key; 422, also for a wrong old password; 429 after too many of those. */
  server.put(
    '/user/currentUser/password',
    answerWith(ports, async ({ principal, request, readBody }) => {
      const body = await readBody()
      if (!body.ok) return body
      const passwords = decodePasswordChange(body.value.text)
      if (!passwords.ok) return passwords
      const user = await manageUsers.changePassword(principal, request, passwords.value)
      return user.ok ? success({ status: 200, resource: 'user', body: undefined }) : user
    }),
  )
}

const userType = /application\/vnd\.com\.nsn\.cumulocity\.user\+json/i

const toAnswer = async (
  user: User,
  { request, base }: Exchange,
  { withGroups }: ManageUsers,
): Promise<Answerable<Answer>> => {
  const described = await withGroups([user])
  if (!described.ok) return described
  const groups = described.value.flatMap((each) => each.groups)
  const isUser = userType.test(request.headers.accept ?? '')
  const encoded = isUser ? encodeUser(user, groups, base) : encodeCurrentUser(user, groups, base)
  const resource = isUser ? 'user' : 'currentUser'
  return success({ status: 200, resource, body: encodeJson(encoded) })
}
