import { readCsvTable } from '../../core/csv-table.ts'
import type { CsvLine } from '../../core/csv-table.ts'
import { failed, invalid, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import { bulkDevicesMax } from '../../core/limits.ts'
import type { ExpectedDevice } from '../../usecases/register-devices.ts'

/** One line: a device that is expected, or what is wrong with it. */
export type DeviceLine = {
  readonly number: number
  /** '' when the line names none. */
  readonly id: string
  readonly request: Result<ExpectedDevice>
}

/**
 * Reads the table of `POST /devicecontrol/bulkNewDeviceRequests`: `ID`, and `TYPE` if there is one; other columns than these and
 * `TENANT` and `CREDENTIALS` say nothing. Fails with `invalid` for a file without `ID` in its first line, and with too many lines.
 */
export const decodeDeviceTable = (
  text: string,
  tenant: TenantId,
): Result<readonly DeviceLine[]> => {
  const table = readCsvTable(text)
  if (!table.ok) return table
  const { names, lines } = table.value
  if (!names.includes('ID')) return noIds
  if (lines.length > bulkDevicesMax) {
    return invalid('', `the file has at most ${bulkDevicesMax} lines`)
  }
  return success(
    lines.map((line) => ({
      number: line.number,
      id: line.cell('ID'),
      request: decodeLine(line, tenant),
    })),
  )
}

const decodeLine = ({ cell, isMalformed }: CsvLine, tenant: TenantId): Result<ExpectedDevice> => {
  const id = cell('ID')
  if (isMalformed) return invalid('', 'the quotes of the line do not match')
  if (id === '') return noId
  if (!['', tenant].includes(cell('TENANT'))) return invalid('TENANT', 'must be your own')
  if (cell('CREDENTIALS') !== '') return givenCredentials
  const type = cell('TYPE')
  return success({ id, type: type === '' ? undefined : type, groupId: undefined })
}

const noIds = invalid('file', 'the first line must name the column ID')
const noId = failed({
  kind: 'invalid',
  issues: [{ path: 'ID', problem: 'missing', message: 'is mandatory' }],
})

/** To leave them out of account would leave a device that can never log in. */
const givenCredentials = invalid(
  'CREDENTIALS',
  'must be empty: a device is told its own when it is accepted',
)
