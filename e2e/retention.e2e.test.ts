import { afterEach, expect, it } from 'vitest'
import { createDevice, createEvents, expectStatus, listOf, memberOf, textOf } from './api.ts'
import {
  basicAuthorization,
  cleanUp,
  operatorAuthorization,
  startBelfry,
  waitFor,
} from './harness.ts'
import type { Belfry } from './harness.ts'

afterEach(cleanUp)

const dayMs = 24 * 60 * 60 * 1000
const other = basicAuthorization('t2/admin', 'sesame-sesame')
const retention = '/belfry/v1/tenants/t1/retention'

/** The built command with every clock of its process moved: ages are days, and a test has seconds. */
const startMoved = (byMs: number, folder?: string): Promise<Belfry> => {
  const module = `globalThis.Date.now=(now=>()=>now()+(${byMs}))(Date.now)`
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${module}` }
  return startBelfry({ environment, ...(folder === undefined ? {} : { folder }) })
}

type Kind = {
  readonly device: string
  readonly type: string
  /** t1's administrator unless said. */
  readonly authorization?: string
}

const addEvents = (
  belfry: Belfry,
  { device, type, authorization }: Kind,
  count: number,
): Promise<unknown> => {
  const events = Array.from({ length: count }, (_, at) => ({
    source: { id: device },
    type,
    text: `n${at}`,
    // As late as can be: what counts is when an event came in.
    time: '2001-01-01T00:00:00Z',
  }))
  return createEvents(belfry, events, authorization)
}

const countOf = async (belfry: Belfry, filter = '', authorization?: string): Promise<unknown> => {
  const path = `/event/events?pageSize=1&withTotalElements=true${filter}`
  const call = authorization === undefined ? {} : { authorization }
  const { body } = await expectStatus(belfry, 200, 'GET', path, call)
  return memberOf(body, 'statistics', 'totalElements')
}

const setRule = (belfry: Belfry, json: unknown): Promise<unknown> =>
  expectStatus(belfry, 201, 'POST', '/retention/retentions', { json })

/** Three days ago: 300 `short`, 200 `long`, 100 `short` of another source, and 50 of another tenant. */
const fillInThePast = async (): Promise<{ readonly folder: string; readonly source: string }> => {
  const belfry = await startMoved(-3 * dayMs)
  const [source, second] = [await createDevice(belfry, 'a'), await createDevice(belfry, 'b')]
  await addEvents(belfry, { device: source, type: 'short' }, 300)
  await addEvents(belfry, { device: source, type: 'long' }, 200)
  await addEvents(belfry, { device: second, type: 'short' }, 100)
  const tenant = { id: 't2', administrator: { name: 'admin', password: 'sesame-sesame' } }
  const call = { authorization: operatorAuthorization, json: tenant }
  await expectStatus(belfry, 201, 'POST', '/belfry/v1/tenants', call)
  const json = { name: 'c', c8y_IsDevice: {} }
  const made = await expectStatus(belfry, 201, 'POST', '/inventory/managedObjects', {
    authorization: other,
    json,
  })
  const elsewhere = { device: textOf(made.body, 'id'), type: 'short', authorization: other }
  await addEvents(belfry, elsewhere, 50)
  await belfry.kill('SIGTERM')
  return { folder: belfry.folder, source }
}

/** Sends events of this type until it is told to stop; answers how many were acknowledged. */
const keepSending = (belfry: Belfry, device: string, type: string) => {
  let isWanted = true
  let sent = 0
  const send = async (): Promise<number> => {
    while (isWanted) {
      await addEvents(belfry, { device, type }, 5)
      sent += 5
    }
    return sent
  }
  const sending = send()
  return {
    sent: () => sent,
    stop: () => {
      isWanted = false
      return sending
    },
  }
}

const lastRunOf = async (belfry: Belfry): Promise<unknown> =>
  memberOf((await expectStatus(belfry, 200, 'GET', retention)).body, 'lastRun')

it('retention removes what its preview said, by the shortest rule, and nothing that comes meanwhile', async () => {
  const { folder, source } = await fillInThePast()
  const belfry = await startBelfry({ folder })
  // Noted as this day's run, so that the daily one does not come in between.
  const first = await expectStatus(belfry, 200, 'POST', `${retention}/run`)
  expect(first.body).toMatchObject({ removedEvents: 0, complete: true })
  await setRule(belfry, { dataType: 'EVENT', type: 'short', maximumAge: 2 })
  await setRule(belfry, { dataType: 'EVENT', type: 'short', maximumAge: 90 })
  await setRule(belfry, { dataType: 'EVENT', source, maximumAge: 30 })
  const [event] = listOf(
    (await expectStatus(belfry, 200, 'GET', '/event/events?type=short&pageSize=1')).body,
    'events',
  )
  const binaries = `/event/events/${textOf(event, 'id')}/binaries`
  await expectStatus(belfry, 201, 'POST', binaries, { json: { any: 'file' } })

  const sender = keepSending(belfry, source, 'short')
  await waitFor('some events to arrive', () => sender.sent() >= 50)
  const preview = await expectStatus(belfry, 200, 'GET', retention)
  expect(preview.body).toMatchObject({
    rules: [{ events: 0 }, { events: 400 }, { events: 0 }, { events: 0 }],
    total: { events: 400 },
  })
  const before = sender.sent()
  const run = await expectStatus(belfry, 200, 'POST', `${retention}/run`)
  expect(run.body).toMatchObject({ removedEvents: 400, complete: true })
  await waitFor('more events to arrive', () => sender.sent() >= before + 50)
  const sent = await sender.stop()

  expect(await countOf(belfry, '&type=short')).toBe(sent)
  expect(await countOf(belfry, '&type=long')).toBe(200)
  expect(await countOf(belfry, '', other)).toBe(50)
  await expectStatus(belfry, 404, 'GET', binaries)
  const metrics = await (await fetch(`${belfry.url}/metrics`)).text()
  expect(metrics).toMatch(/^belfry_retention_removed_events_total 400$/m)
  await belfry.kill('SIGKILL')

  const later = await startMoved(2 * dayMs + 60_000, folder)
  expect(await countOf(later, '&type=short')).toBe(sent)
  const isRunAgain = async () => memberOf(await lastRunOf(later), 'removedEvents') === sent
  await waitFor('the daily run', isRunAgain)
  expect(await countOf(later, '&type=short')).toBe(0)
  expect(await countOf(later, '&type=long')).toBe(200)
  expect(await countOf(later, '', other)).toBe(50)
  expect(later.stderr()).toContain('retention carried out')
}, 120_000)
