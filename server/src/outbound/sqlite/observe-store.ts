import { statSync } from 'node:fs'
import type { Meter } from '../../ports/meter.ts'
import { freeBytesOf } from './parts/head/disk-reserve.ts'
import { headPath } from './parts/tables/part-files.ts'
import type { StoreNumberName, StoreNumbers } from './parts/between-threads/store-numbers.ts'

export type ObservedStore = {
  readonly folder: string
  readonly diskReserveBytes?: number
  readonly queuedEvents: () => number
  readonly openReads: () => number
  readonly numbers: StoreNumbers
}

/** Tells the meter where to look when the metrics are asked for (docs/operations.md, Metrics). */
export const observeStore = (store: ObservedStore, meter: Meter): void => {
  const { folder, diskReserveBytes = 0, queuedEvents, openReads, numbers } = store
  const walPath = `${headPath(folder)}-wal`
  meter.observe('event_queue_events', 'Events that are not committed yet', queuedEvents)
  meter.observe('read_queue_calls', 'Reads that run or wait for a reader', openReads)
  meter.observe(
    'event_wal_bytes',
    'Size of the write-ahead log of the event store',
    () => statSync(walPath, { throwIfNoEntry: false })?.size ?? 0,
  )
  meter.observe('disk_free_bytes', 'What is free on the disk of the data', freeBytesOf(folder))
  meter.observe('disk_reserve_bytes', 'What events leave free on it', () => diskReserveBytes)
  for (const [name, help, number] of gauges) meter.observe(name, help, () => numbers.get(number))
  for (const [name, help, number] of counters) {
    const unit = number.endsWith('Microseconds') ? 1_000_000 : 1
    meter.observe(name, help, () => numbers.get(number) / unit, 'counter')
  }
}

type Line = readonly [name: string, help: string, number: StoreNumberName]

const gauges: readonly Line[] = [
  ['deletions_running', 'Deletions that are still removing events', 'runningDeletions'],
  ['event_parts_closed', 'Full parts that have no file yet', 'closedParts'],
  ['event_parts_sealed', 'Parts that have a file', 'sealedParts'],
  ['event_part_bytes', 'Size of the files of parts', 'partBytes'],
  ['event_dead_rows', 'Rows that are gone and still take space', 'deadRows'],
]

const counters: readonly Line[] = [
  ['deleted_events_total', 'Events removed by deletions in the background', 'removedEvents'],
  ['deletion_rest_seconds_total', 'Time they left to others', 'deletionRestMicroseconds'],
  ['event_part_seals_total', 'Files built of full parts', 'seals'],
  ['event_part_seal_seconds_total', 'Time that took', 'sealMicroseconds'],
  ['event_part_rewrites_total', 'Files built anew without dead rows', 'rewrites'],
  ['event_part_rewrite_seconds_total', 'Time that took', 'rewriteMicroseconds'],
  ['event_part_merges_total', 'Files built of several small ones', 'merges'],
  ['event_part_merge_seconds_total', 'Time that took', 'mergeMicroseconds'],
]
