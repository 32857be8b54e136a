import { readKeptBytes } from '../folder-size.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { steadyRate } from '../steady-posts.ts'
import { tellDeletions } from '../tell-deletions.ts'
import { deletionRounds, watchDeletions } from '../watch-deletion.ts'
import type { Deletion } from '../watch-deletion.ts'

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

const rounds = await watchDeletions(fleet, expiry, 9_500)
const backCount = rounds.filter(({ isOver }) => isOver).length
const { found, tookS, ratio } = tellDeletions('space back after', rounds)

printMeasurement({
  name: 'retention',
  about: `the oldest ${expired.toLocaleString('en')} of ${fleet.events.toLocaleString('en')} events expire, by creation time, while ${steadyRate.toLocaleString('en')} events a second are posted, ${deletionRounds} rounds: time until the data folder without its write-ahead logs is ${figure(bytesBack / 1e6)} MB smaller, which is ${shareBack * 100} % of what they took (it was in ${backCount} of ${deletionRounds} rounds), and POST p99 from the instant each was due, over that time but at least 2 s, and in 6 s before and 6 s after together`,
  ...found,
  figures: {
    ...{ events: fleet.events, expired, tookS, ratio, backCount },
    ...Object.fromEntries(rounds.map((round, index) => [`round ${index + 1}: ratio`, round.ratio])),
  },
  targets: [
    {
      what: 'events removed and their space back, median',
      value: tookS,
      unit: 's',
      wanted: 'at most',
      must: 1,
      aim: 0.2,
    },
    {
      what: 'POST p99, meanwhile / before and after, median',
      value: ratio,
      unit: '',
      wanted: 'at most',
      must: 2,
      aim: 1.2,
    },
  ],
})
