import { readKeptBytes } from '../folder-size.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { median } from '../statistics.ts'
import { steadyRate } from '../steady-posts.ts'
import { watchDeletion } from '../watch-deletion.ts'
import type { Deletion, DeletionRound } from '../watch-deletion.ts'

const roundCount = 3

/** Of the space that the expired events take, this much must be back: the last part may be expired to a share only. */
const shareBack = 0.75

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const expired = fleet.events / 10
const bytesBack = (fleet.bytesAfter - fleet.bytesBefore) * (expired / fleet.events) * shareBack

/** A retention rule carries out the same deletion, by a range of creation times, once its time has come. */
const expiry: Deletion = {
  begin: async (client) => {
    const path = `/event/events?${new URLSearchParams({ createdTo: fleet.tenthCreatedTo }).toString()}`
    await client.expect(204, { method: 'DELETE', path })
  },
  isOver: async ({ folder, bytesBefore }) =>
    (await readKeptBytes(folder)) <= bytesBefore - bytesBack,
}

const rounds: DeletionRound[] = []
while (rounds.length < roundCount) {
  const round = await watchDeletion(fleet, expiry, 9_500 + rounds.length)
  rounds.push(round)
  console.log(
    `round ${rounds.length}: ${round.isOver ? 'space back' : 'space not back'} after ${figure(round.tookMs)} ms, POST p99 ${figure(round.quietMs)} ms before, ${figure(round.busyMs)} ms meanwhile`,
  )
}
const tookS = median(rounds.map(({ tookMs }) => tookMs)) / 1000
const ratio = median(rounds.map(({ quietMs, busyMs }) => busyMs / quietMs))
const backCount = rounds.filter(({ isOver }) => isOver).length

printMeasurement({
  name: 'retention',
  about: `the oldest ${expired.toLocaleString('en')} of ${fleet.events.toLocaleString('en')} events expire, by creation time, while ${steadyRate.toLocaleString('en')} events a second are posted: time until the data folder without its write-ahead logs is ${figure(bytesBack / 1e6)} MB smaller, which is ${shareBack * 100} % of what they took (it was in ${backCount} of ${roundCount} rounds), and POST p99 from the instant each was due`,
  columns: ['', 'median'],
  rows: [
    ['space back, s', figure(tookS)],
    ['POST p99 before, ms', figure(median(rounds.map(({ quietMs }) => quietMs)))],
    ['POST p99 meanwhile, ms', figure(median(rounds.map(({ busyMs }) => busyMs)))],
  ],
  figures: { events: fleet.events, expired, tookS, ratio, backCount },
  targets: [
    {
      what: 'events removed and their space back',
      value: tookS,
      unit: 's',
      wanted: 'at most',
      must: 1,
      aim: 0.2,
    },
    {
      what: 'POST p99, meanwhile / before',
      value: ratio,
      unit: '',
      wanted: 'at most',
      must: 2,
      aim: 1.2,
    },
  ],
})
