import { rareType } from '../event-bodies.ts'
import { hasJobs } from '../has-jobs.ts'
import { printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { steadyRate } from '../steady-posts.ts'
import { tellDeletions } from '../tell-deletions.ts'
import { deletionRounds, watchDeletions } from '../watch-deletion.ts'
import type { Deletion } from '../watch-deletion.ts'

const options = readRunOptions()
const fleet = await openFleet(options, options.events)

/** One event of a hundred, everywhere; over as soon as no job is left. */
const deletion: Deletion = {
  begin: async (client) => {
    const path = `/event/events?type=${rareType}&dateFrom=1970-01-01`
    await client.expect(204, { method: 'DELETE', path })
  },
  isOver: async ({ client }) => !(await hasJobs(client)),
}

const rounds = await watchDeletions(fleet, deletion, 9_600)
if (rounds.some(({ isOver }) => !isOver)) throw new Error('the deletion does not come to an end')
const { found, tookS, ratio } = tellDeletions('over after', rounds)

printMeasurement({
  name: 'spread-deletion',
  about: `DELETE /event/events of a type that 1 % of ${fleet.events.toLocaleString('en')} events have, spread over all, while ${steadyRate.toLocaleString('en')} events a second are posted, ${deletionRounds} rounds: POST p99 from the instant each was due, until no deletion is under way, and in 6 s before the deletion and 6 s after it together, files that were built in between left out; the server has carried out a deletion before, which found nothing`,
  ...found,
  figures: {
    events: fleet.events,
    tookS,
    ratio,
    ...Object.fromEntries(rounds.map((round, index) => [`round ${index + 1}: ratio`, round.ratio])),
  },
  targets: [
    {
      what: 'POST p99, meanwhile / before and after, median',
      value: ratio,
      unit: '',
      wanted: 'at most',
      must: 2,
      aim: 1.3,
    },
  ],
})
