import type { Client, EventBinaryService } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientCases, failureOf } from './client-lines.ts'
import { cleanUp, startBelfry } from './harness.ts'

afterAll(cleanUp)

const nasty = Uint8Array.from([0, 255, 13, 10, 45, 45, 45, 13, 10, 0, 254])

const bytesOf = async (answer: { readonly arrayBuffer: () => Promise<ArrayBuffer> }) =>
  new Uint8Array(await answer.arrayBuffer())

/** Files through the vendor's own client, two lines of it, against the built command. */
describe.each(clientCases)('$title', ({ line, logIn }) => {
  let client: Client
  let binaries: EventBinaryService
  let source: string

  beforeAll(async () => {
    client = await logIn(await startBelfry())
    binaries = new line.EventBinaryService(client.core)
    source = (await client.inventory.create({ name: 'Door', c8y_IsDevice: {} })).data.id
  })

  describe('attachments of events', () => {
    it('are uploaded, downloaded and deleted', async () => {
      const draft = { source: { id: source }, type: 'door', text: '', time: '2026-02-01T10:00:00Z' }
      const id = String((await client.event.create(draft)).data.id)
      const uploaded = await binaries.upload(Buffer.from(nasty), id)
      expect(uploaded.res.status).toBe(201)
      expect(uploaded.data).toMatchObject({ source: id, length: nasty.length })
      expect((await client.event.detail(id)).data).toMatchObject({
        c8y_IsBinary: { length: nasty.length, name: id },
      })
      expect(await bytesOf(await binaries.download(id))).toEqual(nasty)
      const again = await failureOf(binaries.upload(Buffer.from(nasty), id))
      expect(again).toMatchObject({ res: { status: 409 } })
      expect((await binaries.delete(id)).res.status).toBe(204)
      expect((await client.event.detail(id)).data).not.toHaveProperty('c8y_IsBinary')
      const gone = await failureOf(binaries.download(id))
      expect(gone).toMatchObject({ res: { status: 404 }, data: { error: 'Not Found' } })
    })
  })

  describe('files of the inventory', () => {
    it('are uploaded, listed, downloaded and deleted', async () => {
      const files = client.inventoryBinary
      const object = { name: 'firmware', type: 'demo_Firmware' }
      const { data, res } = await files.create(Buffer.from(nasty), object)
      expect(res.status).toBe(201)
      const id = String(data.id)
      expect(data).toMatchObject({ ...object, length: nasty.length, owner: 'admin' })
      const listed = await files.list({ type: 'demo_Firmware' })
      expect(listed.data.map((each) => each.id)).toEqual([id])
      expect(await bytesOf(await files.download(id))).toEqual(nasty)
      expect((await files.delete(id)).res.status).toBe(204)
      const gone = await failureOf(files.download(id))
      expect(gone).toMatchObject({ res: { status: 404 } })
    })
  })
})
