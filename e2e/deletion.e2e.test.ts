import { afterEach, expect, it } from 'vitest'
import {
  createDevice,
  createEvents,
  expectStatus,
  listOf,
  memberOf,
  readMetric,
  request,
  textOf,
} from './api.ts'
import { cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

const eventsInAll = 100_000
const eventsPerRequest = 2_000
/** So that all of a deletion but the end of it is in sealed parts. */
const environment = { BELFRY_PART_ROWS: '5000' }

const startWithSmallParts = (folder?: string): Promise<Belfry> =>
  startBelfry(folder === undefined ? { environment } : { environment, folder })

const rewrittenParts = (belfry: Belfry): Promise<number> =>
  readMetric(belfry, 'belfry_event_part_rewrites_total')

const sealedParts = (belfry: Belfry): Promise<number> =>
  readMetric(belfry, 'belfry_event_parts_sealed')

const countOf = async (belfry: Belfry, filter: string): Promise<unknown> => {
  const path = `/event/events?${filter}&pageSize=1&withTotalElements=true`
  const { body } = await expectStatus(belfry, 200, 'GET', path)
  return memberOf(body, 'statistics', 'totalElements')
}

/** To each ten events of the device comes one of the other, so that no part loses all it has. */
const fill = async (belfry: Belfry, device: string, other: string): Promise<void> => {
  for (let first = 0; first < eventsInAll; first += eventsPerRequest) {
    const events = Array.from({ length: eventsPerRequest }, (_, index) => ({
      source: { id: device },
      type: 'door',
      text: `n${first + index}`,
      time: new Date(1_700_000_000_000 + first + index).toISOString(),
    }))
    const others = events.filter((_, index) => index % 10 === 9)
    await createEvents(belfry, events)
    await createEvents(
      belfry,
      others.map((event) => ({ ...event, source: { id: other } })),
    )
  }
  await waitFor('nearly all of them to be sealed', async () => (await sealedParts(belfry)) > 15)
}

const runningJobs = async (belfry: Belfry): Promise<number> => {
  const { body } = await expectStatus(belfry, 200, 'GET', '/belfry/v1/tenants/t1/jobs')
  return listOf(body, 'jobs').length
}

it('a deletion of 100,000 events hides them at once and ends after kill -9', async () => {
  const belfry = await startWithSmallParts()
  const device = await createDevice(belfry, 'many')
  const other = await createDevice(belfry, 'other')
  await fill(belfry, device, other)
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
  expect(await runningJobs(belfry)).toBe(1)
  await belfry.kill('SIGKILL')

  const again = await startWithSmallParts(belfry.folder)
  expect(await countOf(again, `source=${device}`)).toBe(1)
  await waitFor('the deletion to end', async () => (await runningJobs(again)) === 0)
  await waitFor('the parts to be built anew', async () => (await rewrittenParts(again)) > 0)
  expect(await countOf(again, `source=${device}`)).toBe(1)
  expect(await countOf(again, `source=${other}`)).toBe(eventsInAll / 10 + 1)
  await expectStatus(again, 404, 'GET', `/event/events/${textOf(event, 'id')}`)
})

it('a deletion is cancelled by its id, unless it removes what a deleted object has left', async () => {
  const belfry = await startWithSmallParts()
  const device = await createDevice(belfry, 'many')
  const other = await createDevice(belfry, 'other')
  await fill(belfry, device, other)
  let filled = eventsInAll / 10
  const fillAgain = async (source: string): Promise<void> => {
    await fill(belfry, source, other)
    filled += eventsInAll / 10
  }
  const isCancelled = async (): Promise<boolean> => {
    await expectStatus(belfry, 204, 'DELETE', `/event/events?source=${device}`)
    return (await statusOfCancelling(belfry)) === 204
  }
  while (!(await isCancelled())) await fillAgain(device)
  expect(await runningJobs(belfry)).toBe(0)
  expect(await countOf(belfry, `source=${device}`)).toBeGreaterThan(0)

  const isRefused = async (object: string): Promise<boolean> => {
    await expectStatus(belfry, 204, 'DELETE', `/inventory/managedObjects/${object}`)
    return (await statusOfCancelling(belfry)) === 422
  }
  for (let object = device; !(await isRefused(object));) {
    object = await createDevice(belfry, 'many')
    await fillAgain(object)
  }
  await waitFor('the deletion to end', async () => (await runningJobs(belfry)) === 0)
  expect(await countOf(belfry, `source=${other}`)).toBe(filled)
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
