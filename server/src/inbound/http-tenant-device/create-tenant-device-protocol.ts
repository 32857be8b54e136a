import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Meter } from '../../ports/meter.ts'
import type { ReadReceipt } from '../../usecases/read-receipt.ts'
import type { Protocol, Refusal } from '../http/create-http-server.ts'
import { encodeError, notFoundAnswers, requestAnswers } from './encode-failure.ts'
import type { ErrorAnswer } from './encode-failure.ts'
import { sendError } from './exchange.ts'
import type { ExchangePorts } from './exchange.ts'
import { registerReceiptRoute } from './receipt-route.ts'
import { registerReportRoute } from './report-route.ts'
import type { ReportUseCases } from './report-route.ts'
import { tenantDeviceArea } from './tenant-device-area.ts'

export type TenantDeviceUseCases = ReportUseCases & { readonly readReceipt: ReadReceipt }

/** The tenant-device dialect: reporting events and asking for receipts. */
export const createTenantDeviceProtocol = (
  ports: ExchangePorts,
  useCases: TenantDeviceUseCases,
  meter: Meter,
): Protocol => ({
  prefix: '/rest/',
  areas: [tenantDeviceArea],
  register: (server) => {
    registerReportRoute(server, ports, useCases, meter)
    registerReceiptRoute(server, ports, useCases.readReceipt)
  },
  refuse: (refusal, request, reply) => refuse(refusal, request, reply),
  encodeUnread: (unread) => ({
    contentType: 'application/json',
    body: encodeError(toError(unread, '')),
  }),
})

const refuse = (refusal: Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  if (refusal.kind === 'no-method') reply.header('allow', refusal.allowed.join(', '))
  return sendError(request, reply, toError(refusal, request.id))
}

const toError = (refusal: Refusal, requestId: string): ErrorAnswer => {
  switch (refusal.kind) {
    case 'no-route':
      return notFoundAnswers.route
    case 'no-method':
      return requestAnswers.methodNotAllowed
    case 'bad-request':
      return badRequest(refusal.status, refusal.message)
    case 'bug':
      return {
        ...requestAnswers.internal,
        message: `Unknown server error; the log has it under request id ${requestId}`,
      }
  }
}

const badRequest = (status: 400 | 431, message: string): ErrorAnswer => {
  const answers = {
    400: requestAnswers.malformed,
    431: requestAnswers.headersTooLarge,
  }
  return { ...answers[status], message }
}
