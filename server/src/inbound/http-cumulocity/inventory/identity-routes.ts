import type { FastifyInstance } from 'fastify'
import { parseManagedObjectId } from '../../../core/event-id.ts'
import { notFound, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import type { ExternalId } from '../../../core/managed-object.ts'
import type { ManageIdentity } from '../../../usecases/manage-identity.ts'
import { decodeExternalId, decodeExternalIds } from './decode-external-id.ts'
import { decodeMembers } from '../ground/decode-members.ts'
import { encodeExternalId, externalIdUrl } from './encode-external-id.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'

export type IdentityUseCases = { readonly manageIdentity: ManageIdentity }

/** External ids (docs/protocols/cumulocity.md, 6.2). */
export const registerIdentityRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { manageIdentity }: IdentityUseCases,
): void => {
  /** 200 with all of an object's external ids, in the order of binding; 404; 403. */
  server.get(
    '/identity/globalIds/:id/externalIds',
    answerWith(ports, (exchange) => listExternalIds(exchange, manageIdentity)),
  )

  /** 201 with `Location`; 404 for an unknown object; 409 when the pair is taken; 403; 415; 422. */
  server.post(
    '/identity/globalIds/:id/externalIds',
    answerWith(ports, (exchange) => bindExternalId(exchange, manageIdentity)),
  )

  /** 200; 404; 403. */
  server.get(
    '/identity/externalIds/:type/:externalId',
    answerWith(ports, async ({ principal, parameter, base }) => {
      const externalId = { type: parameter('type'), externalId: parameter('externalId') }
      const object = await manageIdentity.resolve(principal, externalId)
      if (!object.ok) return object
      const body = encodeExternalId(externalId, object.value, base)
      return success({ status: 200, resource: 'externalId', body })
    }),
  )

  /** 204; 404; 403. */
  server.delete(
    '/identity/externalIds/:type/:externalId',
    answerWith(ports, async ({ principal, parameter }) => {
      const externalId = { type: parameter('type'), externalId: parameter('externalId') }
      const done = await manageIdentity.unbind(principal, externalId)
      return done.ok ? success(unbound) : done
    }),
  )

  /** 200 with those that are bound; 403; 415; 422. */
  server.post(
    '/identity/search',
    answerWith(ports, (exchange) => searchExternalIds(exchange, manageIdentity)),
  )
}

const unbound: Answer = { status: 204, resource: 'externalId', body: undefined }

const listExternalIds = async (
  exchange: Exchange,
  manageIdentity: ManageIdentity,
): Promise<Answerable<Answer>> => {
  const id = decodeGlobalId(exchange)
  if (!id.ok) return id
  const externalIds = await manageIdentity.list(exchange.principal, id.value)
  if (!externalIds.ok) return externalIds
  const elements = externalIds.value.map((externalId) =>
    encodeExternalId(externalId, id.value, exchange.base),
  )
  const self = `${exchange.base}/identity/globalIds/${id.value}/externalIds`
  return success(toCollection(self, elements))
}

const bindExternalId = async (
  exchange: Exchange,
  manageIdentity: ManageIdentity,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const externalId = decodeExternalId(body.value.text)
  if (!externalId.ok) return externalId
  const id = decodeGlobalId(exchange)
  if (!id.ok) return id
  const bound = await manageIdentity.bind(exchange.principal, id.value, externalId.value)
  return bound.ok ? success(toBound(externalId.value, id.value, exchange.base)) : bound
}

const toBound = (externalId: ExternalId, id: ManagedObjectId, base: string): Answer => ({
  status: 201,
  resource: 'externalId',
  body: encodeExternalId(externalId, id, base),
  location: externalIdUrl(base, externalId),
})

const searchExternalIds = async (
  { principal, base, readBody }: Exchange,
  manageIdentity: ManageIdentity,
): Promise<Answerable<Answer>> => {
  const body = await readBody()
  if (!body.ok) return body
  const members = decodeMembers(body.value.text)
  if (!members.ok) return members
  const wanted = decodeExternalIds(members.value)
  if (!wanted.ok) return wanted
  const found = await manageIdentity.search(principal, wanted.value)
  if (!found.ok) return found
  const elements = found.value.map((each) => encodeExternalId(each, each.object, base))
  return success(toCollection(`${base}/identity/search`, elements))
}

const toCollection = (self: string, elements: readonly string[]): Answer => ({
  status: 200,
  resource: 'externalIdCollection',
  body: `{"self":"${self}","externalIds":[${elements.join(',')}]}`,
})

const decodeGlobalId = ({ parameter }: Exchange): Result<ManagedObjectId> => {
  const id = parseManagedObjectId(parameter('id'))
  return id === undefined ? notFound('global-id', parameter('id')) : success(id)
}
