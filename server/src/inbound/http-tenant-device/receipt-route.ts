import type { FastifyInstance } from 'fastify'
import { success } from '../../core/failure.ts'
import type { ReadReceipt } from '../../usecases/read-receipt.ts'
import { encodeReceipt } from './encode-receipt.ts'
import { answerWith } from './exchange.ts'
import type { ExchangePorts } from './exchange.ts'

/** Asking what became of a 202 (docs/protocols/tenant-device-events.md, 2). */
export const registerReceiptRoute = (
  server: FastifyInstance,
  ports: ExchangePorts,
  readReceipt: ReadReceipt,
): void => {
  /** 200 for at least seven days; 401; 403 or 404 for the tenant; 404 for the receipt. */
  server.get(
    '/rest/v1/api/tenants/:tenant/receipts/:receipt',
    answerWith(ports, async ({ base, parameter, authenticate }) => {
      const principal = await authenticate()
      if (!principal.ok) return principal
      const report = await readReceipt(principal.value, parameter('tenant'), parameter('receipt'))
      return report.ok ? success({ status: 200, body: encodeReceipt(report.value, base) }) : report
    }),
  )
}
