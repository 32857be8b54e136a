import { describe, expect, it } from 'vitest'
import { managementTenant } from '../../core/identity.ts'
import { journalFromQueuedEvents } from '../../core/limits.ts'
import { sampleStartMs } from '../../ports/event-samples.contract.ts'
import { testBase } from '../test-server.fixture.ts'
import { createHeldStore } from './held-store.fixture.ts'
import { createReporting, failure, failureOf } from './report-samples.fixture.ts'
import { eventsPath, home, locationOf, neighbour, sampleReport } from './report-samples.fixture.ts'
import type { Reporting } from './report-samples.fixture.ts'

const respondAsync = { prefer: 'respond-async' }
const noReceipt = failure(404, 6, 'There is no such receipt')
const unavailable = failure(503, -1, 'Nothing can be saved now; try again later')

/** A server in as much trouble as `trouble` says. */
const createTroubled = async () => {
  const { surround, trouble } = createHeldStore()
  return { ...(await createReporting({ surround })), trouble }
}

const readReceipt = ({ send, key }: Reporting, location: string, headers = { 'x-api-key': key }) =>
  send({ method: 'GET', url: location.slice(testBase.length), headers })

describe('a report whose sender does not wait', () => {
  it('is answered with 202 and a receipt that names the event once it is stored', async () => {
    const server = await createReporting()
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    expect(answer.statusCode).toBe(202)
    expect(answer.headers['content-type']).toBe('application/json')
    const { receipt } = answer.json<{ receipt: string }>()
    expect(answer.body).toBe(`{"receipt":"${receipt}","status":"accepted"}`)
    expect(locationOf(answer)).toBe(`${testBase}/rest/v1/api/tenants/t1/receipts/${receipt}`)

    const state = await readReceipt(server, locationOf(answer))
    expect(state.statusCode).toBe(200)
    expect(state.headers['content-type']).toBe('application/json')
    const { id } = state.json<{ id: string }>()
    const self = `${testBase}/event/events/${id}`
    expect(state.body).toBe(
      `{"receipt":"${receipt}","status":"stored","id":"${id}","self":"${self}"}`,
    )
    expect((await readReceipt(server, self)).json()).toMatchObject({ id, type: 'door-opened' })
    const again = await server.report(sampleReport())
    expect([again.statusCode, locationOf(again)]).toEqual([409, self])
  })

  it('learns from the receipt that the event was there', async () => {
    const server = await createReporting()
    const first = await server.report(sampleReport())
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    expect(answer.statusCode).toBe(202)
    expect((await readReceipt(server, locationOf(answer))).json()).toEqual({
      receipt: answer.json<{ receipt: string }>().receipt,
      status: 'duplicate',
      id: first.json<{ id: string }>().id,
      self: locationOf(first),
    })
  })

  it.each([
    ['Respond-Async', 202],
    ['wait=10, respond-async', 202],
    ['respond-async; x=1,return=minimal', 202],
    ['return=representation', 201],
    ['respond-asynchronously', 201],
    ['', 201],
  ])('says so by `Prefer: %s`: %i', async (prefer, status) => {
    const { report } = await createReporting()
    expect((await report(sampleReport(), { headers: { prefer } })).statusCode).toBe(status)
  })

  it('is told of a skewed clock, and of every problem of its body', async () => {
    const { report } = await createReporting()
    const early = sampleReport({ timestamp: sampleStartMs - 400_000 })
    const answer = await report(early, { headers: respondAsync })
    expect([answer.statusCode, answer.headers['belfry-clock-skew']]).toEqual([202, '-400000'])
    const wrong = await report(sampleReport({ severity: 9 }), { headers: respondAsync })
    expect(failureOf(wrong)).toEqual(failure(400, 6, 'severity must be an integer from 1 to 5'))
  })
})

describe('a receipt', () => {
  it('of an event that waits or was refused says so', async () => {
    const server = await createTroubled()
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    const { receipt } = answer.json<{ receipt: string }>()
    server.trouble.held = { status: 'pending' }
    expect((await readReceipt(server, locationOf(answer))).body).toBe(
      `{"receipt":"${receipt}","status":"pending"}`,
    )
    server.trouble.held = {
      status: 'rejected',
      failure: { kind: 'not-found', what: 'source', id: '7' },
    }
    expect((await readReceipt(server, locationOf(answer))).body).toBe(
      `{"receipt":"${receipt}","status":"rejected","error":{"error":5,"message":"There is no such device"}}`,
    )
  })

  it('is kept for at least seven days', async () => {
    const server = await createReporting()
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    const dayMs = 24 * 60 * 60 * 1000
    server.clock.setMs(sampleStartMs + 7 * dayMs)
    expect((await readReceipt(server, locationOf(answer))).statusCode).toBe(200)
    server.clock.setMs(sampleStartMs + 8 * dayMs + 1)
    expect(failureOf(await readReceipt(server, locationOf(answer)))).toEqual(noReceipt)
  })

  it('that was never handed out is unknown', async () => {
    const server = await createReporting()
    for (const name of ['1', '0', 'x', '99999999999999999999', '1.0']) {
      const location = `${testBase}/rest/v1/api/tenants/t1/receipts/${name}`
      expect(failureOf(await readReceipt(server, location))).toEqual(noReceipt)
    }
  })

  it('is read with keys that cover its tenant and device, and no others', async () => {
    const server = await createReporting()
    await server.addTenant(managementTenant)
    const other = await server.addDevice(home, undefined)
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    const statusFor = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
      const url = locationOf(answer).slice(testBase.length)
      const read = await server.send({ method: 'GET', url, headers })
      return read.statusCode === 200 ? 200 : failureOf(read)
    }
    const keyFor = async (...limits: Parameters<Reporting['addKey']>) => ({
      'x-api-key': await server.addKey(...limits),
    })
    expect(await statusFor(await keyFor(home, { devices: [server.device] }))).toBe(200)
    expect(await statusFor(await keyFor(managementTenant, { allTenants: true }))).toBe(200)
    expect(await statusFor(await server.addUser(home, 'owner', []))).toBe(200)
    expect(await statusFor(await server.addUser(home, 'reader', ['ROLE_EVENT_READ']))).toBe(200)
    expect(await statusFor(await server.addUser(home, 'nobody', []))).toEqual(noReceipt)
    expect(await statusFor(await keyFor(home, { devices: [other] }))).toEqual(noReceipt)
    expect(await statusFor(await keyFor(neighbour))).toEqual(
      failure(403, 4, 'The credentials do not cover this tenant'),
    )
    expect(await statusFor({})).toEqual(
      failure(401, 0, 'The API key is missing, unknown, expired or revoked'),
    )
  })

  it('outlives its event, and can only be read', async () => {
    const server = await createReporting()
    const answer = await server.report(sampleReport(), { headers: respondAsync })
    const before = await readReceipt(server, locationOf(answer))
    const admin = await server.addUser(home, 'admin', ['ROLE_EVENT_ADMIN'])
    const { id } = before.json<{ id: string }>()
    await server.send({ method: 'DELETE', url: `/event/events/${id}`, headers: admin })
    const limited = { 'x-api-key': await server.addKey(home, { devices: [server.device] }) }
    expect((await readReceipt(server, locationOf(answer), limited)).body).toBe(before.body)
    const url = locationOf(answer).slice(testBase.length)
    const written = await server.send({ method: 'DELETE', url })
    expect(failureOf(written)).toEqual(failure(405, 6, 'The resource does not have this method'))
    expect(written.headers.allow).toBe('GET')
  })
})

describe('a store in trouble', () => {
  it('has a report journaled when too many events wait', async () => {
    const { report, trouble } = await createTroubled()
    trouble.queuedEvents = journalFromQueuedEvents
    expect((await report(sampleReport())).statusCode).toBe(201)
    trouble.queuedEvents = journalFromQueuedEvents + 1
    expect((await report(sampleReport({ severity: 1 }))).statusCode).toBe(202)
  })

  it.each(['busy', 'disk-full', 'storage-failed'] as const)(
    'that is %s has a report journaled while the journal takes it, then answers 503',
    async (reason) => {
      const { report, trouble, meter } = await createTroubled()
      trouble.reason = reason
      trouble.refuses = 'events'
      expect((await report(sampleReport())).statusCode).toBe(202)
      trouble.refuses = 'everything'
      const answer = await report(sampleReport({ severity: 1 }))
      expect(failureOf(answer)).toEqual(unavailable)
      expect(answer.headers['retry-after']).toBe('1')
      expect(await meter.render()).toContain('{tenant="t1",outcome="rejected"} 1')
    },
  )

  it('that has a bug is answered with 500, the request id and nothing from inside', async () => {
    const { report, trouble } = await createTroubled()
    trouble.throws = true
    const answer = await report(sampleReport(), { headers: { 'x-request-id': 'request-7' } })
    expect(failureOf(answer)).toEqual(
      failure(500, -1, 'Unknown server error; the log has it under request id request-7'),
    )
    expect(answer.headers['x-request-id']).toBe('request-7')
  })

  it('checks everything else before it refuses', async () => {
    const { report, trouble } = await createTroubled()
    trouble.refuses = 'everything'
    const url = eventsPath(home, 'nothing')
    expect((await report(sampleReport(), { url })).statusCode).toBe(404)
    expect((await report('{')).statusCode).toBe(400)
  })
})
