import { beforeEach, describe, expect, it } from 'vitest'
import { sampleStartMs } from '../../../ports/event-samples.contract.ts'
import { createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 2.1, 3.5 and 3.6 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const events = '/event/events'

const notFound = {
  error: 'event/Not Found',
  message: 'Finding event from database failed',
  info: 'https://www.cumulocity.com/guides/reference-guide/#error_reporting',
}

const textsOf = async (): Promise<string> => {
  const answer = await server.send('GET', `${events}?pageSize=100&revert=true`)
  const list = answer.json<{ events: readonly { readonly text: string }[] }>()
  return list.events.map(({ text }) => text).join('')
}

describe('an update of an event', () => {
  it('is partial at top level: null removes, an object replaces', async () => {
    const id = await server.createEvent({ a: { x: 1, y: 2 }, b: 1, c: 'kept' })
    const before = (await server.send('GET', `${events}/${id}`)).json<Record<string, unknown>>()
    server.house.clock.setMs(sampleStartMs + 5)
    const answer = await server.send('PUT', `${events}/${id}`, {
      body: '{"text":"Door forced","a":{"z":1.50},"b":null,"d":9007199254740993}',
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).toContain('"a":{"z":1.50}')
    expect(answer.body).toContain('"d":9007199254740993')
    const { b, ...kept } = before
    expect(b).toBe(1)
    expect(answer.json()).toEqual({
      ...kept,
      text: 'Door forced',
      lastUpdated: '2026-02-01T09:00:00.005Z',
      a: { z: 1.5 },
      d: Number('9007199254740993'),
    })
    expect((await server.send('GET', `${events}/${id}`)).body).toBe(answer.body)
  })

  it('ignores what cannot change, as clients send whole events back', async () => {
    const id = await server.createEvent()
    const before = (await server.send('GET', `${events}/${id}`)).json<Record<string, unknown>>()
    server.house.clock.setMs(sampleStartMs + 5)
    const body = {
      id: '1',
      self: 'x',
      type: 'other',
      time: 'no time',
      creationTime: 'never',
      lastUpdated: 'never',
      source: { id: '1' },
    }
    const answer = await server.send('PUT', `${events}/${id}`, { body })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ ...before, lastUpdated: '2026-02-01T09:00:00.005Z' })
  })

  it.each([
    ['{"text":1}', 'text: must be a string'],
    ['{"text":null}', 'text: must be a string'],
    ['{"a b":1}', 'white space'],
    ['{"a":1e400}', 'beyond the range of a double'],
    ['{', 'malformed JSON'],
    ['[]', 'a JSON object is expected'],
    ['', 'Representation must not be null'],
  ])('%s is refused with 422, and changes nothing', async (body, message) => {
    const id = await server.createEvent()
    const before = (await server.send('GET', `${events}/${id}`)).body
    const answer = await server.send('PUT', `${events}/${id}`, { body })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    expect(answer.json<{ message: string }>().message).toContain(message)
    expect((await server.send('GET', `${events}/${id}`)).body).toBe(before)
  })
})

describe('an unknown event', () => {
  it.each(['1', 'abc', '0', '-1', '01', '99999999999999999999', '1 or 1', '%00'])(
    '"%s" is 404 for every method',
    async (id) => {
      const path = `${events}/${encodeURIComponent(id)}`
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const sent = method === 'PUT' ? { body: {} } : {}
        const answer = await server.send(method, path, sent)
        expect(answer.statusCode).toBe(404)
        expect(answer.json()).toEqual(notFound)
      }
    },
  )

  it('is one of another tenant, and one that was deleted', async () => {
    const id = await server.createEvent()
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const sent = method === 'PUT' ? { body: {} } : {}
      const foreign = await server.send(method, `${events}/${id}`, { as: 't2/admin', ...sent })
      expect(foreign.statusCode).toBe(404)
      expect(foreign.json()).toEqual(notFound)
    }
    expect((await server.send('DELETE', `${events}/${id}`)).statusCode).toBe(204)
    expect((await server.send('DELETE', `${events}/${id}`)).json()).toEqual(notFound)
    expect((await server.send('PUT', `${events}/${id}`, { body: {} })).json()).toEqual(notFound)
  })
})

describe('a deletion by filter', () => {
  beforeEach(async () => {
    for (const [text, type, day] of [
      ['a', 'A', 1],
      ['b', 'B', 2],
      ['c', 'A', 3],
    ] as const) {
      await server.createEvent({ text, type, time: `2026-02-0${day}`, [`demo_${text}`]: text })
    }
    const body = eventBody(server.t1.owned, { text: 'd', time: '2026-02-04' })
    await server.send('POST', events, { body })
  })

  it.each([
    ['dateFrom=2026-02-02', 'a'],
    ['dateTo=2026-02-02', 'bcd'],
    ['dateFrom=2026-02-02&dateTo=2026-02-02', 'acd'],
    ['dateFrom=2026-02-01&type=A', 'bd'],
    ['createdFrom=2026-02-01&fragmentType=demo_b', 'acd'],
    ['createdTo=2030-01-01&fragmentType=demo_b&fragmentValue=x', 'abcd'],
    ['createdTo=2020-01-01', 'abcd'],
    ['dateFrom=1970-01-01&text=B', 'acd'],
    ['dateFrom=1970-01-01&lastUpdatedFrom=2030-01-01', 'abcd'],
    ['source=1', 'abcd'],
    ['source=abc', 'abcd'],
    ['dateFrom=1970-01-01&revert=true&pageSize=1&currentPage=1&withTotalPages=true', ''],
  ])('%s leaves "%s"', async (query, texts) => {
    const answer = await server.send('DELETE', `${events}?${query}`)
    expect(answer.statusCode).toBe(204)
    expect(answer.body).toBe('')
    expect(await textsOf()).toBe(texts)
  })

  it('of a source leaves the others, and what comes later', async () => {
    const answer = await server.send('DELETE', `${events}?source=${server.t1.door}`)
    expect(answer.statusCode).toBe(204)
    expect(await textsOf()).toBe('d')
    await server.createEvent({ text: 'e', time: '2026-02-05' })
    expect(await textsOf()).toBe('de')
  })

  it('never reaches another tenant', async () => {
    const body = eventBody(server.t2.door)
    await server.send('POST', events, { as: 't2/admin', body })
    await server.send('DELETE', `${events}?dateFrom=1970-01-01`)
    await server.send('DELETE', `${events}?source=${server.t2.door}`)
    const left = await server.send('GET', events, { as: 't2/admin' })
    expect(left.json<{ events: unknown[] }>().events).toHaveLength(1)
  })

  it.each([
    ['', 'a deletion needs one of source, dateFrom, dateTo, createdFrom, createdTo'],
    ['?type=A', 'a deletion needs one of'],
    ['?fragmentType=demo_a', 'a deletion needs one of'],
    ['?lastUpdatedFrom=2020-01-01', 'a deletion needs one of'],
    ['?source=', 'source: must not be empty in a deletion'],
    ['?dateFrom=1970-01-01&type=', 'type: must not be empty in a deletion'],
    ['?dateFrom=1970-01-01&Type=A', 'Type: is not a filter of a deletion'],
    ['?dateFrom=1970-01-01&withSourceChildren=true', 'withSourceChildren: needs source'],
    ['?source=1&withSourceAssets=yes', 'withSourceAssets: must be true or false'],
    ['?dateFrom=1970-01-01&position=after.1.1', 'position: is not a filter'],
    ['?dateFrom=1970-01-01&dateFrom=2030-01-01', 'a deletion takes every filter once'],
    ['?dateFrom=yesterday', 'dateFrom: must be an ISO 8601 date or date-time'],
    ['?dateFrom=1970-01-01&text=%20', 'text: must not be empty in a deletion'],
    ['?dateFrom=1970-01-01&fragmentValue=x', 'fragmentValue: needs fragmentType'],
  ])('"%s" is refused with 422, and deletes nothing', async (query, message) => {
    const answer = await server.send('DELETE', `${events}${query}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    expect(answer.json<{ message: string }>().message).toContain(message)
    expect(await textsOf()).toBe('abcd')
  })

  it('has no owner rule', async () => {
    const path = `${events}?source=${server.t1.owned}`
    expect((await server.send('DELETE', path, { as: 't1/device_1' })).statusCode).toBe(403)
    expect((await server.send('DELETE', path, { as: 't1/reader' })).statusCode).toBe(403)
    expect((await server.send('DELETE', path, { as: 't1/writer' })).statusCode).toBe(204)
    expect(await textsOf()).toBe('abc')
  })
})
