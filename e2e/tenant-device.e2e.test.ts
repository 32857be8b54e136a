import { afterEach, expect, it } from 'vitest'
import { createDevice, expectStatus, listOf, request, textOf } from './api.ts'
import type { Answered, Call } from './api.ts'
import { cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

/** A device with a key and an app, and the path it reports to. */
type Reporter = {
  readonly path: string
  readonly device: string
  readonly call: (body: Readonly<Record<string, unknown>>, async?: boolean) => Call
  readonly report: Readonly<Record<string, unknown>>
}

const createReporter = async (belfry: Belfry): Promise<Reporter> => {
  const device = await createDevice(belfry, 'kiosk')
  const app = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/apps', {
    json: { name: 'kiosk app' },
  })
  const key = await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants/t1/keys', {
    json: { name: 'kiosks' },
  })
  const headers = { 'x-moki-tenantapitoken': textOf(key.body, 'key') }
  return {
    device,
    path: `/rest/v1/api/tenants/t1/devices/${device}/events`,
    call: (json, isAsync = false) => ({
      authorization: undefined,
      headers: { ...headers, ...(isAsync ? { prefer: 'respond-async' } : {}) },
      json,
    }),
    report: {
      typeId: '0045',
      description: '',
      appId: textOf(app.body, 'id'),
      severity: 3,
      data: { source: 'Software', version: 2.5, active: true },
      timestamp: 1_440_014_969_567,
    },
  }
}

const locationOf = ({ headers }: Answered): string =>
  new URL(headers.get('location') ?? 'http://none/').pathname

const eventsOf = async (belfry: Belfry, device: string): Promise<readonly unknown[]> => {
  const { body } = await expectStatus(belfry, 200, 'GET', `/event/events?source=${device}`)
  return listOf(body, 'events')
}

it('of 64 equal reports at once one is stored, also across a restart', async () => {
  const belfry = await startBelfry()
  const { path, call, report, device } = await createReporter(belfry)
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => request(belfry, 'POST', path, call(report))),
  )
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([201, ...Array.from({ length: 63 }, () => 409)])
  expect(new Set(answers.map(locationOf)).size).toBe(1)
  await belfry.kill('SIGKILL')

  const again = await startBelfry({ folder: belfry.folder })
  const repeated = await Promise.all(
    Array.from({ length: 64 }, () => request(again, 'POST', path, call(report))),
  )
  expect(new Set(repeated.map(({ status }) => status))).toEqual(new Set([409]))
  expect(new Set([...answers, ...repeated].map(locationOf)).size).toBe(1)
  expect(await eventsOf(again, device)).toHaveLength(1)
})

it('what counts as equal is the event as first stored, for as long as it is there', async () => {
  const belfry = await startBelfry()
  const { path, call, report } = await createReporter(belfry)
  const first = await expectStatus(belfry, 201, 'POST', path, call(report))
  await expectStatus(belfry, 201, 'POST', path, call({ ...report, data: { active: false } }))
  await expectStatus(belfry, 200, 'PUT', locationOf(first), { json: { text: 'corrected' } })
  const reordered = { ...report, data: { active: true, version: 2.5, source: 'Software' } }
  const same = await expectStatus(belfry, 409, 'POST', path, call(reordered))
  expect(locationOf(same)).toBe(locationOf(first))
  await expectStatus(belfry, 204, 'DELETE', locationOf(first))
  const anew = await expectStatus(belfry, 201, 'POST', path, call(report))
  expect(locationOf(anew)).not.toBe(locationOf(first))
})

it('what was accepted with a 202 is there once after kill -9', async () => {
  const belfry = await startBelfry()
  const { path, call, report, device } = await createReporter(belfry)
  const { json: _json, ...read } = call({})
  const accepted = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      expectStatus(belfry, 202, 'POST', path, call({ ...report, severity: 1 + (index % 5) }, true)),
    ),
  )
  await belfry.kill('SIGKILL')

  const again = await startBelfry({ folder: belfry.folder })
  const states: string[] = []
  for (const answer of accepted) {
    await waitFor('the receipt to settle', async () => {
      const { body } = await expectStatus(again, 200, 'GET', locationOf(answer), read)
      return textOf(body, 'status') !== 'pending'
    })
    const { body } = await expectStatus(again, 200, 'GET', locationOf(answer), read)
    states.push(textOf(body, 'status'))
    await expectStatus(again, 200, 'GET', new URL(textOf(body, 'self')).pathname)
  }
  expect(states.filter((state) => state === 'stored')).toHaveLength(5)
  expect(states.filter((state) => state === 'duplicate')).toHaveLength(15)
  expect(await eventsOf(again, device)).toHaveLength(5)
})
