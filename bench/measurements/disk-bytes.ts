import { createReports, encodeCumulocity } from '../event-bodies.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'

const sampleCount = 10_000

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const bytesPerEvent = (fleet.bytesAfter - fleet.bytesBefore) / fleet.events
const nextReport = createReports({ seed: 1, sources: fleet.sources })
const sampleBytes = Array.from({ length: sampleCount }, () =>
  Buffer.byteLength(encodeCumulocity(nextReport())),
).reduce((sum, bytes) => sum + bytes, 0)
const sentBytes = sampleBytes / sampleCount

printMeasurement({
  name: 'disk-bytes',
  about: `growth of the data folder by ${fleet.events.toLocaleString('en')} events of ${figure(sentBytes)} bytes on an average, as sent in compact JSON, when the server has nothing left to do: all of its files, with indexes and write-ahead logs. The fleet was loaded by commit ${fleet.loadedBy} on ${fleet.loadedOn}`,
  columns: ['', 'bytes sent, average', 'MB before', 'MB after', 'loaded, events/s'],
  rows: [
    [
      'data folder',
      figure(sentBytes),
      figure(fleet.bytesBefore / 1e6),
      figure(fleet.bytesAfter / 1e6),
      figure(fleet.events / fleet.loadS),
    ],
  ],
  figures: { events: fleet.events, bytesPerEvent, sentBytes, loadS: fleet.loadS },
  targets: [
    {
      what: 'bytes on disk an event',
      value: bytesPerEvent,
      unit: 'bytes',
      wanted: 'at most',
      must: 450,
      aim: 330,
    },
  ],
})
