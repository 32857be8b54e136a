import type { FastifyInstance } from 'fastify'
import type { User } from '../../core/account.ts'
import { success } from '../../core/failure.ts'
import type { ManageUsers } from '../../usecases/manage-users.ts'
import { decodeUserUpdate } from './decode-user.ts'
import { encodeCurrentUser, encodeUser } from './encode-user.ts'
import { answerWith } from './exchange.ts'
import type { Answer, Exchange, ExchangePorts } from './exchange.ts'

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
      return user.ok ? success(toAnswer(user.value, exchange)) : user
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
      const user = await manageUsers.changeSelf(exchange.principal, update.value)
      return user.ok ? success(toAnswer(user.value, exchange)) : user
    }),
  )
}

const userType = /application\/vnd\.com\.nsn\.cumulocity\.user\+json/i

const toAnswer = (user: User, { request, base }: Exchange): Answer =>
  userType.test(request.headers.accept ?? '')
    ? { status: 200, resource: 'user', body: JSON.stringify(encodeUser(user, base)) }
    : { status: 200, resource: 'currentUser', body: JSON.stringify(encodeCurrentUser(user, base)) }
