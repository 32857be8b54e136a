import { readKeptBytes, readPartBytes } from '../folder-size.ts'
import { hasJobs } from '../has-jobs.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { partRows } from '../part-rows.ts'
import { readMetric } from '../read-metric.ts'
import { readRunOptions } from '../run-options.ts'
import { steadyRate } from '../steady-posts.ts'
import { tellDeletions } from '../tell-deletions.ts'
import { deletionRounds, watchDeletions } from '../watch-deletion.ts'
import type { Deletion } from '../watch-deletion.ts'

/** Of the space that the expired events take, this much must be back; what is dead by design has it still. */
const shareBack = 0.95

/** Only the last part expires to a share, and of a part at most a quarter stays dead: see ARCHITECTURE, worn. */
const deadRowsMax = Math.floor(partRows / 4)

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const expired = fleet.events / 10
/** Not less than an event has in the files of parts: the hot part, which has none, has fewer than `partRows`. */
const eventBytes = (await readPartBytes(fleet.folder)) / (fleet.events - partRows)
const deadRowsLeft: number[] = []

/** A retention rule carries out the same deletion, by a range of creation times, once its time has come. */
const expiry: Deletion = {
  begin: async (client) => {
    const path = `/event/events?${new URLSearchParams({ createdTo: fleet.tenthCreatedTo }).toString()}`
    await client.expect(204, { method: 'DELETE', path })
  },
  isOver: async ({ server, client, folder, bytesBefore }) => {
    if (await hasJobs(client)) return false
    const deadRows = await readMetric(server, 'belfry_event_dead_rows')
    if (deadRows > deadRowsMax) return false
    const bytesBack = (expired - deadRows) * eventBytes * shareBack
    if ((await readKeptBytes(folder)) > bytesBefore - bytesBack) return false
    deadRowsLeft.push(deadRows)
    return true
  },
}

const rounds = await watchDeletions(fleet, expiry, 9_500)
const backCount = rounds.filter(({ isOver }) => isOver).length
const deadRows = Math.max(0, ...deadRowsLeft)
const { found, tookS, ratio } = tellDeletions('space back after', rounds)
const design =
  deadRows === 0
    ? 'no dead row is left'
    : `only the ${deadRows.toLocaleString('en')} dead rows of the last part are left, fewer than the quarter from which on a part is written anew`

printMeasurement({
  name: 'retention',
  about: `the oldest ${expired.toLocaleString('en')} of ${fleet.events.toLocaleString('en')} events expire, by creation time, while ${steadyRate.toLocaleString('en')} events a second are posted, ${deletionRounds} rounds: time until no deletion is under way, ${design}, and the data folder without its write-ahead logs is smaller by ${shareBack * 100} % of what the others had in the files of parts, ${figure(((expired - deadRows) * eventBytes * shareBack) / 1e6)} MB (so it was in ${backCount} of ${deletionRounds} rounds); POST p99 from the instant each was due, over that time, and in 6 s before and 6 s after together, files that were built in between left out; the server has carried out a deletion before, which found nothing`,
  ...found,
  figures: {
    ...{ events: fleet.events, expired, deadRows, tookS, ratio, backCount },
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
