import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What every measurement is told on its command line by `bench/main.ts`. */
export type RunOptions = {
  /** Events of the large fleet. */
  readonly events: number
  /** Where loaded fleets lie, to be used by the next measurement too. */
  readonly fleetsFolder: string
}

/** The size that the large measurements are about. */
export const fleetEvents = 10_000_000

/** Reads `--events` and `--fleets`. */
export const readRunOptions = (): RunOptions => {
  const { values } = parseArgs({
    options: { events: { type: 'string' }, fleets: { type: 'string' } },
  })
  if (values.fleets === undefined) throw new Error('start it with `npm run bench -- <name>`')
  return { events: decodeEvents(values.events), fleetsFolder: resolve(values.fleets) }
}

/** At least 10,000 and a multiple of it, so that tenths and hundredths are whole bulks. */
export const decodeEvents = (text: string | undefined): number => {
  const events = Number(text ?? fleetEvents)
  if (Number.isInteger(events) && events >= 10_000 && events % 10_000 === 0) return events
  throw new Error('--events takes a multiple of 10,000')
}
