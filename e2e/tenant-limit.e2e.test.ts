import { afterEach, expect, it } from 'vitest'
import { createDevice, expectStatus, memberOf, request, textOf } from './api.ts'
import { basicAuthorization, bootstrapPassword, cleanUp } from './harness.ts'
import { operatorAuthorization, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

const sizeMax = { BELFRY_TENANT_SIZE_MAX: '64KB', BELFRY_PART_ROWS: '100' }

const send = (belfry: Belfry, device: string, authorization?: string) =>
  request(belfry, 'POST', '/event/events', {
    ...(authorization === undefined ? {} : { authorization }),
    json: {
      ...{ source: { id: device }, type: 'kept', text: 'x'.repeat(300) },
      time: '2026-02-01T10:00:00Z',
    },
  })

/** Events until one is refused; answers how many there was room for. */
const fill = async (belfry: Belfry, device: string): Promise<number> => {
  for (let stored = 0; ; stored += 1) {
    const { status, headers, body } = await send(belfry, device)
    if (status === 201) continue
    expect(status).toBe(507)
    expect(headers.get('retry-after')).toMatch(/^\d+$/)
    expect(textOf(body, 'error')).toBe('general/insufficientStorage')
    return stored
  }
}

const countOf = async (belfry: Belfry): Promise<unknown> => {
  const path = '/event/events?pageSize=1&withTotalElements=true'
  const { body } = await expectStatus(belfry, 200, 'GET', path)
  return memberOf(body, 'statistics', 'totalElements')
}

const createNeighbour = async (belfry: Belfry) => {
  await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants', {
    authorization: operatorAuthorization,
    json: { id: 't2', administrator: { name: 'admin', password: bootstrapPassword } },
  })
  const authorization = basicAuthorization('t2/admin', bootstrapPassword)
  const json = { name: 'd2', c8y_IsDevice: {} }
  const made = await expectStatus(belfry, 201, 'POST', '/inventory/managedObjects', {
    ...{ authorization, json },
  })
  return { authorization, device: textOf(made.body, 'id') }
}

it('a tenant with all that it may have reads and deletes, and writes again when it has deleted', async () => {
  const belfry = await startBelfry({ environment: sizeMax })
  const device = await createDevice(belfry, 'd')
  const stored = await fill(belfry, device)
  expect(stored).toBeGreaterThan(100)
  expect(await countOf(belfry)).toBe(stored)
  const readiness = await expectStatus(belfry, 200, 'GET', '/readyz')
  expect(textOf(readiness.body, 'status')).toBe('ready')
  const neighbour = await createNeighbour(belfry)
  expect((await send(belfry, neighbour.device, neighbour.authorization)).status).toBe(201)

  await belfry.kill('SIGKILL')
  const again = await startBelfry({ environment: sizeMax, folder: belfry.folder })
  expect(await fill(again, device)).toBe(0)
  await expectStatus(again, 204, 'DELETE', `/event/events?source=${device}`)
  let restored = 0
  await waitFor('as many events find room again', async () => {
    restored += await fill(again, device)
    return restored >= stored
  })
  expect(await countOf(again)).toBe(restored)
})

it('a tenant with as many managed objects as it may makes no more until some are deleted', async () => {
  const environment = { BELFRY_TENANT_OBJECTS_MAX: '3' }
  const belfry = await startBelfry({ environment })
  const create = (to: Belfry, json: unknown = { name: 'd' }) =>
    request(to, 'POST', '/inventory/managedObjects', { json })
  // The first start has made one.
  await createDevice(belfry, 'd')
  const device = await createDevice(belfry, 'd')
  const refused = await create(belfry)
  expect([refused.status, textOf(refused.body, 'error')]).toEqual([
    507,
    'general/insufficientStorage',
  ])
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await send(belfry, device)).status).toBe(201)
  const { device: other } = await createNeighbour(belfry)
  expect(other).toMatch(/^\d+$/)

  await belfry.kill('SIGKILL')
  const again = await startBelfry({ environment, folder: belfry.folder })
  expect((await create(again)).status).toBe(507)
  await expectStatus(again, 204, 'DELETE', `/inventory/managedObjects/${device}`)
  expect((await create(again)).status).toBe(201)
  expect((await create(again)).status).toBe(507)
})
