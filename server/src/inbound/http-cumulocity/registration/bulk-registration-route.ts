import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { failed, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { bulkDevicesBytesMax } from '../../../core/limits.ts'
import type { RegisterDevices, RegistrationOutcome } from '../../../usecases/register-devices.ts'
import { gatherBytes } from '../../http/gather-bytes.ts'
import { answerBinary } from '../binaries/binary-exchange.ts'
import type { BinaryExchange } from '../binaries/binary-exchange.ts'
import { decodeDeviceTable } from './decode-device-table.ts'
import type { DeviceLine } from './decode-device-table.ts'
import { encodeFailure } from '../ground/encode-failure.ts'
import type { ExchangePorts } from '../ground/exchange.ts'

/** Devices that are expected or registered by a file (docs/protocols/cumulocity.md, 5.7). */
export const registerBulkRegistrationRoute = (
  server: FastifyInstance,
  ports: ExchangePorts,
  { registerMany }: RegisterDevices,
): void => {
  /** 201 with counts, also when lines have failed: these are told with their reasons; 403; 413, 422 for the file as a whole. */
  server.post(
    '/devicecontrol/bulkNewDeviceRequests',
    answerBinary(ports, async (exchange) => {
      const text = await receiveText(exchange)
      if (!text.ok) return text
      const lines = decodeDeviceTable(text.value, exchange.principal.tenant)
      if (!lines.ok) return lines
      const devices = lines.value.map(({ device }) => device)
      const outcomes = await registerMany(exchange.principal, devices)
      if (!outcomes.ok) return outcomes
      const body = JSON.stringify(encodeOutcomes(lines.value, outcomes.value))
      return success({ kind: 'json', status: 201, body })
    }),
  )
}

/** The file is small: it is held as a whole, within what every transfer is counted with. */
const receiveText = async ({ receive }: BinaryExchange): Promise<Result<string>> => {
  const gathered = gatherBytes(0)
  let bytes = 0
  const received = await receive((chunk) => {
    bytes += chunk.length
    if (bytes > bulkDevicesBytesMax) return Promise.resolve(tooLarge)
    gathered.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
    return Promise.resolve(success(undefined))
  })
  if (!received.ok) return received
  const file = gathered.bytes()
  return success(isUtf8(file) ? file.toString('utf8') : ansi.decode(file))
}

/** What a spreadsheet writes that does not write UTF-8. */
const ansi = new TextDecoder('windows-1252')

const tooLarge = failed({ kind: 'too-large', bytesMax: bulkDevicesBytesMax })

/** A failed line is told by its number and not by its text, which may hold a password. */
const encodeOutcomes = (
  lines: readonly DeviceLine[],
  outcomes: readonly Result<RegistrationOutcome>[],
): Record<string, unknown> => {
  const failedCreationList = lines.flatMap(({ number, id }, index) => {
    const outcome = outcomes[index]
    if (outcome === undefined || outcome.ok) return []
    return {
      bulkNewDeviceStatus: 'FAILED',
      ...(id === '' ? {} : { deviceId: id }),
      failureReason: encodeFailure(outcome.failure).message,
      line: String(number),
    }
  })
  const credentialUpdatedList = lines.flatMap(({ id: deviceId }, index) => {
    const outcome = outcomes[index]
    const isUpdated = outcome?.ok === true && outcome.value === 'updated'
    return isUpdated ? [{ bulkNewDeviceStatus: 'CREDENTIAL_UPDATED', deviceId }] : []
  })
  const successful = lines.length - failedCreationList.length
  return {
    numberOfAll: lines.length,
    numberOfCreated: successful - credentialUpdatedList.length,
    numberOfFailed: failedCreationList.length,
    numberOfSuccessful: successful,
    credentialUpdatedList,
    failedCreationList,
  }
}
