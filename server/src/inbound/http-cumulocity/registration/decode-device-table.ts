import { readCsvTable } from '../../../core/csv-table.ts'
import type { CsvLine, CsvTable } from '../../../core/csv-table.ts'
import { failed, invalid, success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import { bulkDeviceColumnsMax, bulkDevicesMax } from '../../../core/limits.ts'
import type { DeviceToRegister } from '../../../usecases/register-devices.ts'
import { decodeDeviceColumns } from './decode-device-columns.ts'

/** One line: a device that is to be registered, or what is wrong with it. */
export type DeviceLine = {
  readonly number: number
  /** '' when the line names none. */
  readonly id: string
  readonly device: Result<DeviceToRegister>
}

/**
 * Reads the table of `POST /devicecontrol/bulkNewDeviceRequests` (docs/protocols/cumulocity.md, 5.7). A line without
 * `CREDENTIALS` is a device that is expected, one with them a device that is registered at once. Fails with `invalid` for a
 * file without `ID` in its first line, and with too many lines or columns.
 */
export const decodeDeviceTable = (
  text: string,
  tenant: TenantId,
): Result<readonly DeviceLine[]> => {
  const table = readCsvTable(text)
  if (!table.ok) return table
  const { names, lines } = table.value
  if (!names.includes('ID')) return noIds
  if (lines.length > bulkDevicesMax || names.length > bulkDeviceColumnsMax) return tooMany
  return success(
    lines.map((line) => ({
      number: line.number,
      id: line.cell('ID'),
      device: decodeLine(table.value, line, tenant),
    })),
  )
}

const decodeLine = (table: CsvTable, line: CsvLine, tenant: TenantId): Result<DeviceToRegister> => {
  const { cell, isMalformed } = line
  const [id, type, password] = [cell('ID'), cell('TYPE'), cell('CREDENTIALS')]
  if (isMalformed) return invalid('', 'the quotes of the line do not match')
  if (id === '') return noId
  if (!['', tenant].includes(cell('TENANT'))) return invalid('TENANT', 'must be your own')
  if (!['', 'BASIC'].includes(cell('AUTH_TYPE').toUpperCase())) return noCertificates
  if (password === '') {
    const request = { id, type: type === '' ? undefined : type, groupId: undefined }
    return success({ kind: 'expected', request })
  }
  const object = decodeDeviceColumns(table, line)
  if (!object.ok) return object
  const path = object.value === undefined ? [] : namesIn(cell('PATH'))
  return success({ kind: 'enrolled', device: { id, password, object: object.value, path } })
}

const namesIn = (path: string): readonly string[] =>
  path
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '')

const tooMany = invalid(
  '',
  `the file has at most ${bulkDevicesMax} lines and ${bulkDeviceColumnsMax} columns`,
)
const noIds = invalid('file', 'the first line must name the column ID')
const noCertificates = invalid('AUTH_TYPE', 'must be BASIC')
const noId = failed({
  kind: 'invalid',
  issues: [{ path: 'ID', problem: 'missing', message: 'is mandatory' }],
})
