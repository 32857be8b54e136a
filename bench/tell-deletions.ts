import { figure } from './measurement.ts'
import type { Measurement } from './measurement.ts'
import { median } from './statistics.ts'
import type { DeletionRound } from './watch-deletion.ts'

/** What the rounds of a deletion come to. */
export type DeletionsTold = {
  readonly found: Pick<Measurement, 'columns' | 'rows'>
  /** Medians over the rounds. */
  readonly tookS: number
  readonly ratio: number
}

/** A line for each figure, with the best and the worst round beside the median. */
export const tellDeletions = (over: string, rounds: readonly DeletionRound[]): DeletionsTold => {
  const tookS = rounds.map(({ tookMs }) => tookMs / 1000)
  const ratios = rounds.map(({ ratio }) => ratio)
  return {
    tookS: median(tookS),
    ratio: median(ratios),
    found: {
      columns: ['', 'median', 'lowest', 'highest'],
      rows: [
        toRow(`${over}, s`, tookS),
        toRow(
          'POST p99 before and after, ms',
          rounds.map(({ quietMs }) => quietMs),
        ),
        toRow(
          'POST p99 meanwhile, ms',
          rounds.map(({ busyMs }) => busyMs),
        ),
        toRow('meanwhile / before and after', ratios),
      ],
    },
  }
}

const toRow = (name: string, values: readonly number[]): readonly string[] => [
  name,
  figure(median(values)),
  figure(Math.min(...values)),
  figure(Math.max(...values)),
]
