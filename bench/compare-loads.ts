import { connections, driveLoad } from './drive-load.ts'
import type { Load, Round } from './drive-load.ts'
import { inTurn } from './in-turn.ts'
import { figure } from './measurement.ts'
import type { Measurement } from './measurement.ts'
import { median } from './statistics.ts'

/** A load and what to call it; asked for a new one in each round. */
export type Contender = {
  readonly name: string
  readonly createLoad: (round: number) => Load | Promise<Load>
}

export type Comparison = {
  readonly found: Pick<Measurement, 'columns' | 'rows' | 'figures'>
  /** Median over the rounds of the second contender's requests per second divided by the first's. */
  readonly ratio: number
  /** The same of processor time for each request. */
  readonly cpuRatio: number
}

/** Unless a measurement needs more, because what it looks for is smaller than a machine's moods. */
const roundsUsual = 7

/**
 * Runs both in turn and compares them round by round: the machine may be busy with other things, which change
 * from minute to minute and hit neighbours alike. Who begins changes from round to round, because the one that comes
 * second may find the machine in the state that the other has left.
 */
export const compareLoads = async (
  first: Contender,
  second: Contender,
  roundCount = roundsUsual,
): Promise<Comparison> => {
  const firstRounds: Round[] = []
  const secondRounds: Round[] = []
  for (let round = 0; round < roundCount; round += 1) {
    await inTurn(
      round,
      async () => firstRounds.push(await runRound(first, round)),
      async () => secondRounds.push(await runRound(second, round)),
    )
  }
  const ratio = median(
    ratiosOf(firstRounds, secondRounds, ({ requestsPerSecond }) => requestsPerSecond),
  )
  const cpuRatio = median(
    ratiosOf(firstRounds, secondRounds, ({ cpuPerRequestUs }) => cpuPerRequestUs),
  )
  return {
    ratio,
    cpuRatio,
    found: {
      columns: ['', 'requests/s', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'CPU µs/request'],
      rows: [
        toRow(first.name, firstRounds),
        toRow(second.name, secondRounds),
        [`ratio, median of ${roundCount} rounds`, figure(ratio), '', '', '', '', figure(cpuRatio)],
      ],
      figures: {
        ...{ connections, roundCount, ratio, cpuRatio },
        ...toFigures(first.name, firstRounds),
        ...toFigures(second.name, secondRounds),
      },
    },
  }
}

const runRound = async ({ name, createLoad }: Contender, round: number): Promise<Round> => {
  const seen = await driveLoad(await createLoad(round))
  console.log(
    `round ${round + 1}, ${name}: ${figure(seen.requestsPerSecond)} requests/s, ` +
      `${figure(seen.cpuPerRequestUs)} µs of CPU a request, p99 ${figure(seen.latencyMs.p99)} ms`,
  )
  return seen
}

const ratiosOf = (
  first: readonly Round[],
  second: readonly Round[],
  valueOf: (round: Round) => number,
): readonly number[] =>
  second.flatMap((round, index) => {
    const other = first[index]
    return other === undefined ? [] : [valueOf(round) / valueOf(other)]
  })

const medianOf = (rounds: readonly Round[], valueOf: (round: Round) => number): number =>
  median(rounds.map(valueOf))

const toRow = (name: string, rounds: readonly Round[]): readonly string[] => [
  name,
  figure(medianOf(rounds, (round) => round.requestsPerSecond)),
  figure(medianOf(rounds, ({ latencyMs }) => latencyMs.p50)),
  figure(medianOf(rounds, ({ latencyMs }) => latencyMs.p90)),
  figure(medianOf(rounds, ({ latencyMs }) => latencyMs.p99)),
  figure(medianOf(rounds, ({ latencyMs }) => latencyMs.p999)),
  figure(medianOf(rounds, (round) => round.cpuPerRequestUs)),
]

const toFigures = (name: string, rounds: readonly Round[]): Readonly<Record<string, number>> => ({
  [`${name}: requests per second`]: medianOf(rounds, (round) => round.requestsPerSecond),
  [`${name}: p50 ms`]: medianOf(rounds, ({ latencyMs }) => latencyMs.p50),
  [`${name}: p90 ms`]: medianOf(rounds, ({ latencyMs }) => latencyMs.p90),
  [`${name}: p99 ms`]: medianOf(rounds, ({ latencyMs }) => latencyMs.p99),
  [`${name}: p99.9 ms`]: medianOf(rounds, ({ latencyMs }) => latencyMs.p999),
  [`${name}: CPU µs per request`]: medianOf(rounds, (round) => round.cpuPerRequestUs),
})
