import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import type { Failure } from '../../core/failure.ts'
import { failed, invalid, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { bulkDevicesBytesMax } from '../../core/limits.ts'
import type { RegisterDevices } from '../../usecases/register-devices.ts'
import { answerBinary } from './binary-exchange.ts'
import type { BinaryExchange } from './binary-exchange.ts'
import { decodeDeviceTable } from './decode-device-table.ts'
import type { DeviceLine } from './decode-device-table.ts'
import { encodeFailure } from './encode-failure.ts'
import type { ExchangePorts } from './exchange.ts'

/** Devices that are expected by a file (docs/protocols/cumulocity.md, 5.7). */
export const registerBulkRegistrationRoute = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { expectMany }: RegisterDevices,
): void => {
  /** 201 with counts, also when lines have failed: these are told with their reasons; 403; 413, 422 for the file as a whole. */
  server.post(
    '/devicecontrol/bulkNewDeviceRequests',
    answerBinary(ports, async (exchange) => {
      const text = await receiveText(exchange)
      if (!text.ok) return text
      const lines = decodeDeviceTable(text.value, exchange.principal.tenant)
      if (!lines.ok) return lines
      const requests = lines.value.map(({ request }) => request)
      const expected = await expectMany(exchange.principal, requests)
      if (!expected.ok) return expected
      const failures = expected.value.map((each) => (each.ok ? undefined : each.failure))
      const body = JSON.stringify(encodeOutcome(lines.value, failures))
      return success({ kind: 'json', status: 201, body })
    }),
  )
}

/** The file is small: it is held as a whole, within what every transfer is counted with. */
const receiveText = async ({ receive }: BinaryExchange): Promise<Result<string>> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const received = await receive((chunk) => {
    bytes += chunk.length
    if (bytes > bulkDevicesBytesMax) return Promise.resolve(tooLarge)
    chunks.push(chunk)
    return Promise.resolve(success(undefined))
  })
  if (!received.ok) return received
  const file = Buffer.concat(chunks)
  return isUtf8(file) ? success(file.toString('utf8')) : notText
}

const tooLarge = failed({ kind: 'too-large', bytesMax: bulkDevicesBytesMax })
const notText = invalid('file', 'must be text in UTF-8')

/** A failed line is told by its number and not by its text, which may hold a credential. */
const encodeOutcome = (
  lines: readonly DeviceLine[],
  failures: readonly (Failure | undefined)[],
): Record<string, unknown> => {
  const failedCreationList = lines.flatMap(({ number, id }, index) => {
    const failure = failures[index]
    if (failure === undefined) return []
    return {
      bulkNewDeviceStatus: 'FAILED',
      ...(id === '' ? {} : { deviceId: id }),
      failureReason: encodeFailure(failure).message,
      line: String(number),
    }
  })
  const created = lines.length - failedCreationList.length
  return {
    numberOfAll: lines.length,
    numberOfCreated: created,
    numberOfFailed: failedCreationList.length,
    numberOfSuccessful: created,
    credentialUpdatedList: [],
    failedCreationList,
  }
}
