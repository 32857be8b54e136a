import type { Measurement } from './measurement.ts'

/** The last line that a benchmark prints. */
export const decodeMeasurement = (line: string): Measurement => JSON.parse(line) as Measurement
