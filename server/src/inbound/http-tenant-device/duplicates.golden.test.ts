import { describe, expect, it } from 'vitest'
import { sampleStartMs } from '../../ports/event-samples.contract.ts'
import { testBase } from '../test-server.fixture.ts'
import { createReporting, eventsPath, failure, failureOf } from './report-samples.fixture.ts'
import { home, locationOf, sampleReport, sampleText } from './report-samples.fixture.ts'
import type { Reporting } from './report-samples.fixture.ts'

const conflict = failure(409, 6, 'This event has already been created')

/** A Cumulocity caller that may do everything with events. */
const createAdmin = async ({ send, addUser }: Reporting) => {
  const user = await addUser(home, 'admin', ['ROLE_EVENT_ADMIN', 'ROLE_EVENT_READ'])
  const headers = { ...user, accept: 'application/json', 'content-type': 'application/json' }
  return (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown) =>
    send({ method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
}

const pathOf = (location: string): string => location.slice(testBase.length)

describe('an equal report', () => {
  it('is answered with 409 and the place of the event that exists', async () => {
    const { report } = await createReporting()
    const first = await report(sampleReport())
    const second = await report(sampleReport())
    expect(failureOf(second)).toEqual(conflict)
    expect(locationOf(second)).toBe(locationOf(first))
  })

  it.each([
    [
      'other space and order',
      JSON.stringify(Object.fromEntries(Object.entries(sampleReport()).reverse()), null, 2),
    ],
    [
      'other order inside its data',
      sampleText({ data: '{"active":true,"version":2.5,"source":"Software"}' }),
    ],
    [
      'other spellings of numbers',
      sampleText({
        data: '{"source":"Software","version":25e-1,"active":true}',
        severity: '3.0',
        timestamp: `${sampleStartMs}.0`,
      }),
    ],
    [
      'other escapes',
      sampleText({
        typeId: '"\\u0064oor-opened"',
        data: '{"source":"S\\u006fftware","version":2.50,"active":true}',
      }),
    ],
    [
      'its app named by key',
      JSON.stringify(sampleReport({ appId: undefined, appKey: 'lobby-key' })),
    ],
  ])('is equal with %s', async (_, text) => {
    const { report } = await createReporting()
    const first = await report(sampleReport())
    const second = await report(text)
    expect(failureOf(second)).toEqual(conflict)
    expect(locationOf(second)).toBe(locationOf(first))
  })

  it.each([
    { typeId: 'door-closed' },
    { description: '' },
    { description: 'front door opened' },
    { appId: 'garage' },
    { severity: 4 },
    { data: {} },
    { data: { source: 'Software', version: '2.5', active: true } },
    { data: { source: 'Software', version: 2.5, active: true, more: null } },
    { timestamp: sampleStartMs + 1 },
  ])('is another event with %j', async (fields) => {
    const { report } = await createReporting()
    const first = await report(sampleReport())
    const second = await report(sampleReport(fields))
    expect(second.statusCode).toBe(201)
    expect(locationOf(second)).not.toBe(locationOf(first))
  })

  it('of another device is another event', async () => {
    const { report, addDevice } = await createReporting()
    const other = await addDevice(home, undefined)
    await report(sampleReport())
    const answer = await report(sampleReport(), { url: eventsPath(home, other) })
    expect(answer.statusCode).toBe(201)
  })

  it('sent 64 times at once is stored once', async () => {
    const { report } = await createReporting()
    const answers = await Promise.all(Array.from({ length: 64 }, () => report(sampleReport())))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(63)
    expect(new Set(answers.map(locationOf)).size).toBe(1)
  })
})

describe('an event of the other dialect', () => {
  const asCumulocity = (device: number, more: Record<string, unknown> = {}) => ({
    type: 'door-opened',
    text: 'Front door opened',
    time: '2026-02-01T10:00:00.000+01:00',
    source: { id: String(device) },
    data: { version: 2.5, source: 'Software', active: true },
    severity: 3,
    appId: 'lobby',
    ...more,
  })

  it('with the same fragments is the same event', async () => {
    const server = await createReporting()
    const call = await createAdmin(server)
    const created = await call('POST', '/event/events', asCumulocity(server.device))
    expect(created.statusCode).toBe(201)
    const answer = await server.report(sampleReport())
    expect(failureOf(answer)).toEqual(conflict)
    expect(locationOf(answer)).toBe(locationOf(created))
  })

  it('with another fragment is another event', async () => {
    const server = await createReporting()
    const call = await createAdmin(server)
    await call('POST', '/event/events', asCumulocity(server.device, { c8y_Position: {} }))
    expect((await server.report(sampleReport())).statusCode).toBe(201)
  })

  it('is never refused as a duplicate there', async () => {
    const server = await createReporting()
    const call = await createAdmin(server)
    const first = await server.report(sampleReport())
    const second = await call('POST', '/event/events', asCumulocity(server.device))
    expect(second.statusCode).toBe(201)
    expect(locationOf(await server.report(sampleReport()))).toBe(locationOf(first))
  })
})

describe('the event that was there first', () => {
  it('counts as it was first stored, whatever was changed since', async () => {
    const server = await createReporting()
    const call = await createAdmin(server)
    const first = await server.report(sampleReport())
    const changes = { text: 'corrected', severity: 5, data: {} }
    const changed = await call('PUT', pathOf(locationOf(first)), changes)
    expect(changed.statusCode).toBe(200)
    const again = await server.report(sampleReport())
    expect(failureOf(again)).toEqual(conflict)
    expect(locationOf(again)).toBe(locationOf(first))
    const asChanged = sampleReport({ description: 'corrected', severity: 5, data: {} })
    expect((await server.report(asChanged)).statusCode).toBe(201)
  })

  it('once deleted is no longer there', async () => {
    const server = await createReporting()
    const call = await createAdmin(server)
    const first = await server.report(sampleReport())
    expect((await call('DELETE', pathOf(locationOf(first)))).statusCode).toBe(204)
    const second = await server.report(sampleReport())
    expect(second.statusCode).toBe(201)
    expect(locationOf(second)).not.toBe(locationOf(first))
    const byFilter = `/event/events?source=${server.device}`
    expect((await call('DELETE', byFilter)).statusCode).toBe(204)
    expect((await server.report(sampleReport())).statusCode).toBe(201)
  })
})
