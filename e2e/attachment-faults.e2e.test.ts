import { readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { ClientRequest } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDevice, createEvents, expectStatus, listOf, request, textOf } from './api.ts'
import {
  adminAuthorization,
  basicAuthorization,
  bootstrapPassword,
  cleanUp,
  operatorAuthorization,
  startBelfry,
  waitFor,
} from './harness.ts'
import type { Belfry } from './harness.ts'
import { attachStrace, isStraceMissing } from './strace.ts'

afterEach(cleanUp)

/** Files of attachments, those that are still being written among them, with their whole paths. */
const filesOf = ({ folder }: Belfry): readonly string[] =>
  readdirSync(join(folder, 'attachments'), { recursive: true, withFileTypes: true }).flatMap(
    (entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []),
  )

const createEventIds = async (belfry: Belfry, count: number): Promise<readonly string[]> => {
  const source = { id: await createDevice(belfry, 'attaching') }
  const draft = { source, type: 'door', text: 'door', time: '2026-02-01T10:00:00Z' }
  await createEvents(
    belfry,
    Array.from({ length: count }, () => draft),
  )
  const { body } = await expectStatus(belfry, 200, 'GET', `/event/events?pageSize=${count}`)
  return listOf(body, 'events').map((event) => textOf(event, 'id'))
}

/** An upload whose end the caller sends. */
const beginUpload = ({ port }: Belfry, id: string, first: Buffer): ClientRequest => {
  const upload = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `/event/events/${id}/binaries`,
    headers: { authorization: adminAuthorization, 'content-type': 'application/x-test' },
    agent: false,
  })
  upload.write(first)
  return upload
}

const statusOf = (upload: ClientRequest): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    upload.once('error', reject)
    upload.once('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
  })

const block = Buffer.alloc(300_000, 'x')

describe('an upload whose file cannot be written', () => {
  it.skipIf(isStraceMissing()).each([
    { what: 'a full disk', call: 'pwrite64', code: 'ENOSPC', status: 507 },
    { what: 'a broken disk', call: 'pwrite64', code: 'EIO', status: 503 },
    { what: 'a sync that fails', call: 'fsync', code: 'EIO', status: 503 },
  ])('because of $what is refused with $status, and nothing is left of it', async (fault) => {
    const belfry = await startBelfry()
    const [id = ''] = await createEventIds(belfry, 1)
    const upload = beginUpload(belfry, id, block)
    await waitFor('the upload on disk', () => filesOf(belfry).length === 1)
    const [path = ''] = filesOf(belfry)
    const tracer = await attachStrace(belfry.pid, join(belfry.folder, 'strace.log'), [
      ...['-P', path, '-e', `trace=${fault.call}`],
      ...['-e', `inject=${fault.call}:error=${fault.code}`],
    ])
    const status = statusOf(upload)
    upload.end(block)
    expect(await status).toBe(fault.status)
    await tracer.detach()
    await waitFor('the file to go', () => filesOf(belfry).length === 0)
    const { body } = await expectStatus(belfry, 200, 'GET', `/event/events/${id}`)
    expect(body).not.toHaveProperty('c8y_IsBinary')
    await expectStatus(belfry, 404, 'GET', `/event/events/${id}/binaries`)

    const again = beginUpload(belfry, id, block)
    again.end()
    expect(await statusOf(again)).toBe(201)
    expect(filesOf(belfry)).toHaveLength(1)
  })
})

/** As many as one tenant may have under way at once. */
const uploadsMax = 128

it('an upload beyond those that a tenant may have under way is refused until one of them ends', async () => {
  const belfry = await startBelfry()
  const [last = '', ...ids] = await createEventIds(belfry, uploadsMax + 1)
  const uploads = ids.map((id) => beginUpload(belfry, id, block))
  await waitFor('all uploads on disk', () => filesOf(belfry).length === uploadsMax)
  const headers = { 'content-type': 'application/x-test' }
  const late = () => request(belfry, 'POST', `/event/events/${last}/binaries`, { headers, json: 1 })
  const refused = await late()
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  await expectStatus(belfry, 200, 'GET', `/event/events/${last}`)

  const statuses = uploads.map(async (upload) => {
    const status = statusOf(upload)
    upload.end()
    return status
  })
  expect(new Set(await Promise.all(statuses))).toEqual(new Set([201]))
  expect((await late()).status).toBe(201)
  expect(filesOf(belfry)).toHaveLength(uploadsMax + 1)
})

it('with a tenant go the files of its events, and no others', async () => {
  const belfry = await startBelfry()
  const [kept = ''] = await createEventIds(belfry, 1)
  const keeping = beginUpload(belfry, kept, block)
  keeping.end()
  expect(await statusOf(keeping)).toBe(201)
  const administrator = { name: 'admin', password: bootstrapPassword }
  const json = { id: 'plant-7', administrator }
  const asOperator = { authorization: operatorAuthorization }
  await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants', { ...asOperator, json })
  await attachInTenant(belfry, basicAuthorization('plant-7/admin', bootstrapPassword))
  expect(filesOf(belfry)).toHaveLength(3)

  await request(belfry, 'DELETE', '/belfry/v1/tenants/plant-7', asOperator)
  await waitFor('the files of the tenant to go', () => filesOf(belfry).length === 1)
  await expectStatus(belfry, 200, 'GET', `/event/events/${kept}/binaries`)
})

/** A file of an event, and one of the inventory. */
const attachInTenant = async (belfry: Belfry, authorization: string): Promise<void> => {
  const objects = '/inventory/managedObjects'
  const device = await expectStatus(belfry, 201, 'POST', objects, { authorization, json: {} })
  const source = { id: textOf(device.body, 'id') }
  const json = { source, type: 'door', text: 'door', time: '2026-02-01T10:00:00Z' }
  const event = await expectStatus(belfry, 201, 'POST', '/event/events', { authorization, json })
  const path = `/event/events/${textOf(event.body, 'id')}/binaries`
  await expectStatus(belfry, 201, 'POST', path, { authorization, json: 'bytes' })
  const form = new FormData()
  form.append('object', JSON.stringify({ name: 'map', type: 'text/plain' }))
  form.append('file', new Blob(['bytes']), 'map.txt')
  const init = { method: 'POST', headers: { authorization }, body: form }
  expect((await fetch(`${belfry.url}/inventory/binaries`, init)).status).toBe(201)
}
