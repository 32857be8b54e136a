import { EventBinaryService } from '@c8y/client'
import { createHash } from 'node:crypto'
import { connect } from './connect.ts'

/** A camera's picture goes with its event: uploaded, found, downloaded unchanged, and gone with the event. */
const client = await connect()
const files = new EventBinaryService(client.core)
const { data: camera } = await client.inventory.create({ name: 'Camera', c8y_IsDevice: {} })

const { data: event } = await client.event.create({
  source: { id: camera.id },
  type: 'motion',
  text: 'Something moved',
  time: '2026-02-01T10:00:00.000Z',
})
const id = String(event.id)

/** Any bytes will do; these are no real picture. */
const picture = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 256))
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const { data: attached } = await files.upload(picture, id)
console.log(`attached: ${attached.length ?? 0} bytes`)

/** Events that have a file are found by the mark that they carry. */
const found = await client.event.list({ source: camera.id, fragmentType: 'c8y_IsBinary' })
console.log(`events with a file: ${found.data.length}`)

const downloaded = new Uint8Array(await (await files.download(id)).arrayBuffer())
console.log(digestOf(downloaded) === digestOf(picture) ? 'downloaded unchanged' : 'damaged')

await client.event.delete(id)
const gone = await client.core.fetch(`/event/events/${id}/binaries`)
console.log(`after the event was deleted: ${gone.status}`)
