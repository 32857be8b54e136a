import { decodeObject } from '../decode-answer.ts'
import { rareType } from '../event-bodies.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { median } from '../statistics.ts'
import { steadyRate } from '../steady-posts.ts'
import { watchDeletion } from '../watch-deletion.ts'
import type { Deletion, DeletionRound } from '../watch-deletion.ts'

const roundCount = 3

const options = readRunOptions()
const fleet = await openFleet(options, options.events)

/** One event of a hundred, everywhere; over as soon as no job is left. */
const deletion: Deletion = {
  begin: async (client) => {
    const path = `/event/events?type=${rareType}&dateFrom=1970-01-01`
    await client.expect(204, { method: 'DELETE', path })
  },
  isOver: async ({ client }) => {
    const path = '/belfry/v1/tenants/t1/jobs'
    const { jobs } = decodeObject(await client.expect(200, { method: 'GET', path }))
    return Array.isArray(jobs) && jobs.length === 0
  },
}

const rounds: DeletionRound[] = []
while (rounds.length < roundCount) {
  const round = await watchDeletion(fleet, deletion, 9_600 + rounds.length)
  if (!round.isOver) throw new Error('the deletion does not come to an end')
  rounds.push(round)
  console.log(
    `round ${rounds.length}: over after ${figure(round.tookMs)} ms, POST p99 ${figure(round.quietMs)} ms before, ${figure(round.busyMs)} ms meanwhile`,
  )
}
const ratio = median(rounds.map(({ quietMs, busyMs }) => busyMs / quietMs))
const tookS = median(rounds.map(({ tookMs }) => tookMs)) / 1000

printMeasurement({
  name: 'spread-deletion',
  about: `DELETE /event/events of a type that 1 % of ${fleet.events.toLocaleString('en')} events have, spread over all, while ${steadyRate.toLocaleString('en')} events a second are posted: POST p99 from the instant each was due, until no deletion is under way`,
  columns: ['', 'median'],
  rows: [
    ['over after, s', figure(tookS)],
    ['POST p99 before, ms', figure(median(rounds.map(({ quietMs }) => quietMs)))],
    ['POST p99 meanwhile, ms', figure(median(rounds.map(({ busyMs }) => busyMs)))],
  ],
  figures: { events: fleet.events, tookS, ratio },
  targets: [
    {
      what: 'POST p99, meanwhile / before',
      value: ratio,
      unit: '',
      wanted: 'at most',
      must: 2,
      aim: 1.3,
    },
  ],
})
