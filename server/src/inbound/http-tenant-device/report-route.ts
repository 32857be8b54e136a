import type { FastifyInstance, FastifyRequest } from 'fastify'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { Meter } from '../../ports/meter.ts'
import type { FindReportingDevice, ReportingDevice } from '../../usecases/find-reporting-device.ts'
import type { Report, ReportEvent, ReportOutcome } from '../../usecases/report-event.ts'
import { decodeReport } from './decode-report.ts'
import { encodeError, requestAnswers } from './encode-failure.ts'
import { encodeAccepted } from './encode-receipt.ts'
import { encodeReport, eventUrl, receiptUrl } from './encode-report.ts'
import { answerWith } from './exchange.ts'
import type { Answer, Exchange, ExchangePorts } from './exchange.ts'
import { takeBody } from './take-body.ts'

export type ReportUseCases = {
  readonly findReportingDevice: FindReportingDevice
  readonly reportEvent: ReportEvent
}

/** Reporting one event of a device (docs/protocols/tenant-device-events.md, 1 to 4). */
export const registerReportRoute = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { findReportingDevice, reportEvent }: ReportUseCases,
  meter: Meter,
): void => {
  /**
   * 201 with the event and its `Location`; 202 with a receipt and its `Location`; 413 and 415, 401, 403 or 404 for the
   * tenant, 404 or 403 for the device, 400, 409 with the `Location` of the event that exists, in this order; 503.
   */
  server.post(
    '/rest/v1/api/tenants/:tenant/devices/:device/events',
    answerWith(ports, async (exchange) => {
      const { request, reply, parameter } = exchange
      const body = await takeBody(ports.bodies, request, reply)
      if (!body.ok) return body
      const principal = await exchange.authenticate()
      if (!principal.ok) return principal
      const [tenantName, deviceName] = [parameter('tenant'), parameter('device')]
      const place = await findReportingDevice(principal.value, tenantName, deviceName)
      if (!place.ok) return place
      const report = decodeText(await body.value())
      const options = { respondAsync: prefersAsync(request) }
      const outcome = report.ok ? await reportEvent(place.value, report.value, options) : report
      if (!outcome.ok) meter.countEvents(place.value.tenant, 'rejected', 1)
      return outcome.ok ? success(toAnswer(exchange, place.value, outcome.value)) : outcome
    }),
  )
}

const decodeText = (text: Result<string>): Result<Report> =>
  text.ok ? decodeReport(text.value) : text

/** `Prefer: respond-async`, alone or among other preferences (RFC 7240). */
const prefersAsync = ({ headers }: FastifyRequest): boolean =>
  headers['prefer'] !== undefined &&
  String(headers['prefer'])
    .split(',')
    .some((preference) => preference.split(';', 1)[0]?.trim().toLowerCase() === 'respond-async')

const toAnswer = (
  { base, parameter }: Exchange,
  { tenant }: ReportingDevice,
  { taken, skewMs }: ReportOutcome,
): Answer => {
  switch (taken.outcome) {
    case 'stored': {
      const location = eventUrl(base, taken.event.id)
      const body = encodeReport(taken.event, parameter('device'), location)
      return { status: 201, body, location, skewMs }
    }
    case 'accepted': {
      const location = receiptUrl(base, tenant, taken.receipt)
      return { status: 202, body: encodeAccepted(taken.receipt), location, skewMs }
    }
    case 'duplicate': {
      const body = encodeError(requestAnswers.duplicate)
      return { status: 409, body, location: eventUrl(base, taken.id), skewMs }
    }
  }
}
