import { fileURLToPath } from 'node:url'
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { decodeChunk } from './decode-flights.ts'
import type { FlightColumns, Flights } from './decode-flights.ts'

/** The first flights of the file in the npm package `vega-datasets`, or all three million. */
export const readFlights = async (rowsMax = Infinity): Promise<Flights> => {
  const url = new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))
  const file = await asyncBufferFromFile(fileURLToPath(url))
  const metadata = await parquetMetadataAsync(file)
  const count = Math.min(rowsMax, Number(metadata.num_rows))
  const columns: FlightColumns = {
    timesMs: new Float64Array(count),
    delays: new Int16Array(count),
    distances: new Int16Array(count),
    origins: [],
    destinations: [],
  }
  await parquetRead({
    file,
    metadata,
    compressors,
    rowEnd: count,
    onChunk: ({ columnName, columnData, rowStart }) => {
      decodeChunk(columns, columnName, columnData, rowStart)
    },
  })
  return { ...columns, count }
}
