import type { FastifyInstance } from 'fastify'
import type { DeviceRequest } from '../../../core/device-request.ts'
import { success } from '../../../core/failure.ts'
import type { RegisterDevices } from '../../../usecases/register-devices.ts'
import { answerList } from '../ground/answer-list.ts'
import { registerBulkRegistrationRoute } from './bulk-registration-route.ts'
import {
  decodeAcceptance,
  decodeDeviceQuestion,
  decodeDeviceRequest,
} from './decode-device-request.ts'
import { answerWith } from '../ground/exchange.ts'
import type { Answer, Answerable, Exchange, ExchangePorts } from '../ground/exchange.ts'
import { formatInstant } from '../../../core/event-time.ts'

export type RegistrationUseCases = { readonly registerDevices: RegisterDevices }

const requests = '/devicecontrol/newDeviceRequests'

/** How a device comes to its own credentials (docs/protocols/cumulocity.md, 5.7). */
export const registerDeviceRegistrationRoutes = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { registerDevices }: RegistrationUseCases,
): void => {
  /** 200 with a page by ascending id; 403; 422. */
  server.get(
    requests,
    answerWith(ports, async (exchange) => {
      const list = await registerDevices.list(exchange.principal)
      if (!list.ok) return list
      const url = `${exchange.base}${requests}`
      const kind = {
        name: 'newDeviceRequests',
        resource: 'newDeviceRequestCollection',
        url,
      } as const
      return answerList(exchange, kind, list.value, encodeDeviceRequest)
    }),
  )

  /** 201 with `Location`; 403; 409 for an id that waits already; 415, 422. */
  server.post(
    requests,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const draft = decodeDeviceRequest(body.value.text)
      if (!draft.ok) return draft
      const request = await registerDevices.expect(exchange.principal, draft.value)
      if (!request.ok) return request
      const location = requestUrl(request.value, exchange.base)
      return success({ ...toAnswer(exchange, request.value), status: 201, location })
    }),
  )

  /** 200; 403; 404. */
  server.get(
    `${requests}/:request`,
    answerWith(ports, async (exchange) => {
      const request = await registerDevices.read(exchange.principal, exchange.parameter('request'))
      return request.ok ? success(toAnswer(exchange, request.value)) : request
    }),
  )
  registerAcceptance(server, ports, registerDevices)
  registerBulkRegistrationRoute(server, ports, registerDevices)
}

/** Accepting and deleting, and the device's own question. */
const registerAcceptance = (
  server: FastifyInstance,
  ports: ExchangePorts,
  registerDevices: RegisterDevices,
): void => {
  /** 200; 403; 404; 422 for another status than ACCEPTED, and for another token than the device's. */
  server.put(
    `${requests}/:request`,
    answerWith(ports, async (exchange) => {
      const body = await exchange.readBody()
      if (!body.ok) return body
      const acceptance = decodeAcceptance(body.value.text)
      if (!acceptance.ok) return acceptance
      const id = exchange.parameter('request')
      const { token } = acceptance.value
      const request = await registerDevices.accept(exchange.principal, id, token)
      return request.ok ? success(toAnswer(exchange, request.value)) : request
    }),
  )

  /** 204; 403; 404. */
  server.delete(
    `${requests}/:request`,
    answerWith(ports, async (exchange) => {
      const done = await registerDevices.delete(exchange.principal, exchange.parameter('request'))
      return done.ok
        ? success({ status: 204, resource: 'newDeviceRequest', body: undefined })
        : done
    }),
  )

  /** 201 with the credentials, once, whatever `Accept` says; 403; 404 until the device has been accepted; 415, 422. */
  server.post(
    '/devicecontrol/deviceCredentials',
    answerWith(ports, (exchange) => answerCredentials(exchange, registerDevices)),
  )
}

const answerCredentials = async (
  exchange: Exchange,
  registerDevices: RegisterDevices,
): Promise<Answerable<Answer>> => {
  const body = await exchange.readBody()
  if (!body.ok) return body
  const question = decodeDeviceQuestion(body.value.text)
  if (!question.ok) return question
  const { id, token } = question.value
  const credentials = await registerDevices.askForCredentials(exchange.principal, id, token)
  if (!credentials.ok) return credentials
  const { tenant, user, password } = credentials.value
  const self = `${exchange.base}/devicecontrol/deviceCredentials/${encodeURIComponent(id)}`
  return success({
    status: 201,
    resource: 'deviceCredentials',
    body: JSON.stringify({ id, self, tenantId: tenant, username: user, password }),
    bodyAlways: true,
  })
}

const encodeDeviceRequest = (request: DeviceRequest, base: string): Record<string, unknown> => ({
  id: request.id,
  self: requestUrl(request, base),
  status: request.state,
  creationTime: formatInstant(request.creationMs),
  ...(request.type === undefined ? {} : { type: request.type }),
  ...(request.groupId === undefined ? {} : { groupId: request.groupId }),
})

const requestUrl = ({ id }: DeviceRequest, base: string): string =>
  `${base}${requests}/${encodeURIComponent(id)}`

const toAnswer = ({ base }: Exchange, request: DeviceRequest): Answer => ({
  status: 200,
  resource: 'newDeviceRequest',
  body: JSON.stringify(encodeDeviceRequest(request, base)),
})
