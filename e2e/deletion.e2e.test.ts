import { afterEach, expect, it } from 'vitest'
import {
  createDevice,
  createEvents,
  expectStatus,
  listOf,
  memberOf,
  request,
  textOf,
} from './api.ts'
import { cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

const eventsInAll = 100_000
const eventsPerRequest = 2_000

const countOf = async (belfry: Belfry, filter: string): Promise<unknown> => {
  const path = `/event/events?${filter}&pageSize=1&withTotalElements=true`
  const { body } = await expectStatus(belfry, 200, 'GET', path)
  return memberOf(body, 'statistics', 'totalElements')
}

const fill = async (belfry: Belfry, device: string): Promise<void> => {
  for (let first = 0; first < eventsInAll; first += eventsPerRequest) {
    const events = Array.from({ length: eventsPerRequest }, (_, index) => ({
      source: { id: device },
      type: 'door',
      text: `n${first + index}`,
      time: new Date(1_700_000_000_000 + first + index).toISOString(),
    }))
    await createEvents(belfry, events)
  }
}

const runningJobs = async (belfry: Belfry): Promise<number> => {
  const { body } = await expectStatus(belfry, 200, 'GET', '/belfry/v1/tenants/t1/jobs')
  return listOf(body, 'jobs').length
}

it('a deletion of 100,000 events hides them at once and ends after kill -9', async () => {
  const belfry = await startBelfry()
  const device = await createDevice(belfry, 'many')
  const other = await createDevice(belfry, 'other')
  await fill(belfry, device)
  const [event] = listOf(
    (await expectStatus(belfry, 200, 'GET', `/event/events?source=${device}&pageSize=1`)).body,
    'events',
  )
  const one = (source: string): { json: unknown } => ({
    json: { source: { id: source }, type: 'door', text: 'later', time: '2023-11-14T22:13:20Z' },
  })
  await expectStatus(belfry, 201, 'POST', '/event/events', one(other))
  expect(await countOf(belfry, `source=${device}`)).toBe(eventsInAll)

  await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}&dateTo=2030-01-01`)
  expect(await countOf(belfry, `source=${device}`)).toBe(0)
  await expectStatus(belfry, 404, 'GET', `/event/events/${textOf(event, 'id')}`)
  await expectStatus(belfry, 201, 'POST', '/event/events', one(device))
  await belfry.kill('SIGKILL')

  const again = await startBelfry({ folder: belfry.folder })
  expect(await countOf(again, `source=${device}`)).toBe(1)
  await waitFor('the deletion to end', async () => (await runningJobs(again)) === 0)
  expect(await countOf(again, `source=${device}`)).toBe(1)
  expect(await countOf(again, `source=${other}`)).toBe(1)
  await expectStatus(again, 404, 'GET', `/event/events/${textOf(event, 'id')}`)
})

it('a deletion is cancelled by its id, unless it removes what a deleted object has left', async () => {
  const belfry = await startBelfry()
  const device = await createDevice(belfry, 'many')
  await fill(belfry, device)
  const isCancelled = async (): Promise<boolean> => {
    await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}`)
    return (await statusOfCancelling(belfry)) === 204
  }
  while (!(await isCancelled())) await fill(belfry, device)
  expect(await runningJobs(belfry)).toBe(0)
  expect(await countOf(belfry, `source=${device}`)).toBeGreaterThan(0)

  const isRefused = async (object: string): Promise<boolean> => {
    await expectStatus(belfry, 204, 'DELETE', `/inventory/managedObjects/${object}`)
    return (await statusOfCancelling(belfry)) === 422
  }
  for (let object = device; !(await isRefused(object));) {
    object = await createDevice(belfry, 'many')
    await fill(belfry, object)
  }
  await waitFor('the deletion to end', async () => (await runningJobs(belfry)) === 0)
}, 300_000)

/** Of the running deletion; 404 when there is none any more, because it was quicker than whoever asks. */
const statusOfCancelling = async (belfry: Belfry): Promise<number> => {
  const jobs = '/belfry/v1/tenants/t1/jobs'
  const { body } = await expectStatus(belfry, 200, 'GET', jobs)
  const [job] = listOf(body, 'jobs')
  if (job === undefined) return 404
  const { status } = await request(belfry, 'DELETE', `${jobs}/${textOf(job, 'id')}`)
  expect([204, 404, 422]).toContain(status)
  return status
}
