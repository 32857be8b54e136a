import { connect } from './connect.ts'

/**
 * A hundred events of a device with the vendor's own client, a few at a time, and read back page by page. An event is
 * on disk when its promise is kept, so that what has not been answered is all that has to be sent again.
 */
const client = await connect()
const { data: device } = await client.inventory.create({ name: 'Lift', c8y_IsDevice: {} })

const begin = Date.parse('2026-02-01T06:00:00Z')
const waiting = Array.from({ length: 100 }, (_, ride) => ({
  source: { id: device.id },
  type: 'lift_ride',
  text: `Ride ${ride + 1}`,
  time: new Date(begin + ride * 60_000).toISOString(),
  lift: { from: ride % 7, to: (ride * 3) % 7 },
}))

/** Eight senders share the work; each waits for its answer before it sends the next. */
const sendNext = async (): Promise<void> => {
  for (let event = waiting.shift(); event !== undefined; event = waiting.shift())
    await client.event.create(event)
}
await Promise.all(Array.from({ length: 8 }, sendNext))

const filter = { source: device.id, pageSize: 40, withTotalPages: true, revert: true }
const first = await client.event.list(filter)
const pages = first.paging?.totalPages ?? 0
console.log(`${pages} pages`)
for (let currentPage = 1; currentPage <= pages; currentPage++) {
  const { data: events } = await client.event.list({ ...filter, currentPage })
  console.log(`${events[0]?.text ?? ''} to ${events.at(-1)?.text ?? ''}`)
}
