import { beforeEach, describe, expect, it } from 'vitest'
import { testBase as base } from '../../test-server.fixture.ts'
import { createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 1.5, 2, 3.4 and 4.2 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const events = '/event/events'

const post = (body: unknown) => server.send('POST', events, { body })

const countEvents = async (): Promise<number> => {
  const answer = await server.send('GET', `${events}?withTotalElements=true`)
  return answer.json<{ statistics: { totalElements: number } }>().statistics.totalElements
}

/** A body with the mandatory members and `more`, as text. */
const withText = (more: string): string =>
  JSON.stringify(eventBody(server.t1.door)).replace(/\}$/, `,${more}}`)

describe('a created event', () => {
  it('is answered with what was sent and what the server added', async () => {
    const { door } = server.t1
    const answer = await post(eventBody(door, { demo_Door: { state: 'open' } }))
    expect(answer.statusCode).toBe(201)
    const { id } = answer.json<{ id: string }>()
    expect(id).toMatch(/^[1-9]\d*$/)
    expect(answer.headers.location).toBe(`${base}${events}/${id}`)
    const source = {
      id: String(door),
      self: `${base}/inventory/managedObjects/${door}`,
      name: 'Door',
      type: 'lock',
    }
    expect(answer.json()).toEqual({
      id,
      self: `${base}${events}/${id}`,
      time: '2026-02-01T10:00:00.000+01:00',
      creationTime: '2026-02-01T09:00:00.000Z',
      lastUpdated: '2026-02-01T09:00:00.000Z',
      type: 'demo_DoorEvent',
      text: 'Door opened',
      source,
      demo_Door: { state: 'open' },
    })
    expect((await server.send('GET', `${events}/${id}`)).body).toBe(answer.body)
  })

  it('may be the example of the API page', async () => {
    const example = {
      id: '10',
      self: '...',
      time: '2011-09-06T12:03:27.845+02:00',
      creationTime: '2011-09-06T12:03:27.927+02:00',
      type: 'com_cumulocity_model_DoorSensorEvent',
      text: 'Door sensor was triggered.',
      source: { id: String(server.t1.door), 'self ': '...' },
    }
    const created = await post(example)
    expect(created.statusCode).toBe(201)
    const { id, self } = created.json<{ id: string; self: string }>()
    expect(id).not.toBe('10')
    const headers = { accept: undefined }
    const answer = await server.send('GET', `${events}/${id}`, { headers })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(
      /^application\/vnd\.com\.nsn\.cumulocity\.event\+json;.*ver=/,
    )
    expect(answer.json()).toMatchObject({
      id,
      self,
      time: example.time,
      type: example.type,
      text: example.text,
      creationTime: '2026-02-01T09:00:00.000Z',
    })
    expect((await server.send('DELETE', `${events}/${id}`)).statusCode).toBe(204)
  })

  it('is not a duplicate of an equal one', async () => {
    await Promise.all([server.createEvent(), server.createEvent()])
    expect(await countEvents()).toBe(2)
  })

  it('leaves out name and type of a source that has none', async () => {
    const object = await server.send('POST', '/inventory/managedObjects', { body: {} })
    const { id, self } = object.json<{ id: string; self: string }>()
    expect((await post(eventBody(id))).json()).toMatchObject({ source: { id, self } })
    expect((await post(eventBody(id))).json<{ source: object }>().source).toEqual({ id, self })
  })

  it('takes a number as the id of its source', async () => {
    const body = { ...eventBody(server.t1.door), source: { id: server.t1.door } }
    expect((await post(body)).statusCode).toBe(201)
  })
})

describe('fragments', () => {
  it.each([
    '"big":9007199254740993',
    '"money":1.50',
    '"exponent":1e5',
    '"nothing":null',
    '"zero":-0',
    '"long":0.10000000000000000000000001',
    '"nested":{"b":1,"a":[1.0,{"c":null}],"b":2}',
    '"flags":[true,false]',
    '"text":"x","größe":"ä€🔔","escaped":"\\u00e4\\n\\/"'.slice('"text":"x",'.length),
    '"spaced": { "a" : 1 }',
  ])('come back as they were sent: %s', async (fragment) => {
    const answer = await post(withText(fragment))
    expect(answer.statusCode).toBe(201)
    const value = fragment.slice(fragment.indexOf(':') + 1).trim()
    expect(answer.body).toContain(value)
    const { id } = answer.json<{ id: string }>()
    expect((await server.send('GET', `${events}/${id}`)).body).toContain(value)
    expect((await server.send('GET', events)).body).toContain(value)
  })

  it('may be long', async () => {
    const answer = await post(eventBody(server.t1.door, { long: 'x'.repeat(100_000) }))
    expect(answer.json<{ long: string }>().long).toHaveLength(100_000)
  })

  it.each([
    'a b',
    'a.b',
    'a,b',
    'a*',
    '[a',
    'a]',
    '(a',
    'a)',
    '@a',
    '$a',
    'a/b',
    "a'b",
    '',
    'a\tb',
  ])('cannot be named "%s"', async (name) => {
    const answer = await post(eventBody(server.t1.door, { [name]: 1 }))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
  })

  it('are at most 1000', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]))
    expect((await post(eventBody(server.t1.door, many(1000)))).statusCode).toBe(201)
    expect((await post(eventBody(server.t1.door, many(1001)))).statusCode).toBe(422)
  })
})

describe('the time of an event', () => {
  it.each([
    ['2026-02-01T09:00:00Z', '2026-02-01T09:00:00.000Z'],
    ['2026-02-01T09:00:00+00:00', '2026-02-01T09:00:00.000Z'],
    ['2026-02-01T09:00:00.1+02:00', '2026-02-01T09:00:00.100+02:00'],
    ['2026-02-01T09:00:00-0330', '2026-02-01T09:00:00.000-03:30'],
    ['2026-02-01T09:00:00.123456789Z', '2026-02-01T09:00:00.123Z'],
    ['2026-02-01T09:00:00.187', '2026-02-01T09:00:00.187Z'],
    ['2026-02-01T09:00', '2026-02-01T09:00:00.000Z'],
    ['2026-02-01', '2026-02-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('%s is kept as %s', async (time, kept) => {
    expect((await post(eventBody(server.t1.door, { time }))).json()).toMatchObject({ time: kept })
  })

  it.each([
    'yesterday',
    '2026-02-30',
    '2026-13-01T00:00:00Z',
    '2026-02-01T25:00:00Z',
    '1770000000',
  ])('cannot be %s', async (time) => {
    const answer = await post(eventBody(server.t1.door, { time }))
    expect(answer.statusCode).toBe(422)
    const message = 'time: must be an ISO 8601 date-time'
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError', message })
  })
})

describe('a mandatory field', () => {
  it.each([
    [{ text: undefined }, 'text'],
    [{ type: undefined }, 'type'],
    [{ time: undefined }, 'time'],
    [{ source: undefined }, 'source'],
    [{ type: '' }, 'type'],
    [{ time: null }, 'time'],
    [{ source: {} }, 'source'],
    [{ source: '1' }, 'source'],
    [{ text: undefined, time: undefined, type: undefined }, 'type,time,text'],
  ])('must be there: %j', async (members, fields) => {
    const answer = await post(eventBody(server.t1.door, members))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toEqual({
      error: 'undefined/validationError',
      message: `Following mandatory fields should be included: ${fields}`,
      info: 'https://www.cumulocity.com/guides/reference-guide/#error_reporting',
    })
    expect(await countEvents()).toBe(0)
  })

  it.each([
    [{ text: 1 }, 'text: must be a string'],
    [{ type: {} }, 'type: must be a string'],
    [{ time: 1770000000000 }, 'time: must be a string'],
    [{ type: 'x'.repeat(1025) }, 'type: has at most 1024 characters'],
  ])('must have its type: %j', async (members, message) => {
    const answer = await post(eventBody(server.t1.door, members))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError', message })
  })

  it('may be an empty text', async () => {
    expect((await post(eventBody(server.t1.door, { text: '' }))).json()).toMatchObject({ text: '' })
  })
})

describe('a source', () => {
  it.each(['1', 'abc', '', '-1', '99999999999999999999'])('"%s" does not exist', async (id) => {
    const answer = await post(eventBody(id))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({
      error: 'event/Unprocessable Entity',
      message: 'Source object does not exist in inventory.',
    })
  })

  it('of another tenant does not exist', async () => {
    const answer = await post(eventBody(server.t2.door))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ error: 'event/Unprocessable Entity' })
  })
})

describe('a body that is not good JSON', () => {
  it.each([
    ['{', 'a name in double quotes is expected'],
    ['{"a":1', "',' or '}' is expected"],
    ['[]', 'a JSON object is expected'],
    ['"x"', 'a JSON object is expected'],
    ['null', 'a JSON object is expected'],
    ['{"a":1}x', 'nothing may follow the JSON object'],
    ['{"a":01}', "',' or '}' is expected"],
    ['{"a":NaN}', 'a value is expected'],
    ["{'a':1}", 'a name in double quotes is expected'],
    ['{"a":1,}', 'a name in double quotes is expected'],
    ['{"a":1,"a":2}', 'the name "a" occurs twice'],
    ['{"a":1e400}', 'the number is beyond the range of a double'],
    ['{"a":-1e999}', 'the number is beyond the range of a double'],
    ['{"a":"\\ud800"}', 'a lone surrogate is not allowed'],
    ['{"__proto__":{}}', "the name '__proto__' is not allowed"],
    ['{"a":"\n"}', 'control characters in a string must be escaped'],
    [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'nesting is deeper than 64'],
    ['', 'Representation must not be null'],
  ])('is refused with 422 and says what and where: %s', async (body, problem) => {
    const answer = await post(body)
    expect(answer.statusCode).toBe(422)
    const { error, message } = answer.json<{ error: string; message: string }>()
    expect(error).toBe('undefined/validationError')
    expect(message).toContain(problem)
    if (body !== '') expect(message).toMatch(/malformed JSON at character \d+/)
  })

  it('is refused when it is not UTF-8', async () => {
    const answer = await post(Buffer.from([0x7b, 0xff, 0x7d]))
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ message: 'the body is not UTF-8' })
  })

  it('may nest 64 deep', async () => {
    const deep = `"a":${'['.repeat(63)}${']'.repeat(63)}`
    expect((await post(withText(deep))).statusCode).toBe(201)
  })
})

describe('the order of checks', () => {
  it('is 401, 406, 415, 413, malformed, mandatory fields, unknown source, 403', async () => {
    const html = { accept: 'text/html' }
    const text = { 'content-type': 'text/plain' }
    const huge = { 'content-length': String(17 * 1024 * 1024) }
    const statusOf = async (as: string | null, headers: object, body: unknown) => {
      const sent = { as, headers: { ...headers }, body }
      const answer = await server.send('POST', events, sent)
      return [answer.statusCode, answer.json<{ error: string }>().error]
    }
    const reader = 't1/reader'
    expect(await statusOf(null, { ...html, ...text }, '{')).toEqual([401, 'security/Unauthorized'])
    expect(await statusOf(reader, { ...html, ...text }, '{')).toEqual([
      406,
      'general/notAcceptable',
    ])
    expect(await statusOf(reader, { ...text, ...huge }, '{')).toEqual([
      415,
      'general/unsupportedMediaType',
    ])
    expect(await statusOf(reader, huge, '{')).toEqual([413, 'general/tooLarge'])
    const validation = [422, 'undefined/validationError']
    expect(await statusOf(reader, {}, '{')).toEqual(validation)
    const incomplete = eventBody(1, { text: undefined })
    expect(await statusOf(reader, {}, incomplete)).toEqual(validation)
    expect(await statusOf(reader, {}, eventBody(1))).toEqual([422, 'event/Unprocessable Entity'])
    const known = eventBody(server.t1.door)
    expect(await statusOf(reader, {}, known)).toEqual([403, 'security/Forbidden'])
  })
})

describe('creating many events', () => {
  const type = 'application/vnd.com.nsn.cumulocity.eventCollection+json'
  const postAll = (body: unknown, contentType = type) =>
    server.send('POST', events, { headers: { 'content-type': contentType }, body })

  it('answers the collection in the order sent', async () => {
    const { door, owned } = server.t1
    const body = { events: [eventBody(door, { n: 1 }), eventBody(owned, { n: 2 })] }
    const answer = await postAll(body, type.toLowerCase())
    expect(answer.statusCode).toBe(201)
    expect(answer.headers.location).toBe(`${base}${events}`)
    const { events: created, self } = answer.json<{ events: { id: string }[]; self: string }>()
    expect(self).toBe(`${base}${events}`)
    expect(created).toMatchObject([
      { n: 1, source: { name: 'Door' } },
      { n: 2, source: { name: 'Pump' } },
    ])
    for (const { id } of created) {
      expect((await server.send('GET', `${events}/${id}`)).statusCode).toBe(200)
    }
  })

  it.each([
    [() => eventBody(server.t1.door, { time: 'x' }), 'events[1].time: must be'],
    [() => eventBody(server.t1.door, { 'a b': 1 }), 'white space'],
    [() => eventBody(server.t1.door, { text: undefined }), 'events[1].text'],
    [() => eventBody(server.t2.door), 'Source object does not exist in inventory.'],
    [() => 1, 'events[1]: malformed JSON at character 0'],
  ])('creates none when one is wrong (%#)', async (wrong, message) => {
    const answer = await postAll({ events: [eventBody(server.t1.door), wrong()] })
    expect(answer.statusCode).toBe(422)
    expect(answer.json<{ message: string }>().message).toContain(message)
    expect(await countEvents()).toBe(0)
  })

  it('creates none when one is not allowed', async () => {
    const body = { events: [eventBody(server.t1.owned), eventBody(server.t1.door)] }
    const headers = { 'content-type': type }
    const answer = await server.send('POST', events, { as: 't1/device_1', headers, body })
    expect(answer.statusCode).toBe(403)
    expect(await countEvents()).toBe(0)
  })

  it('takes at most 2000, and needs a list', async () => {
    const bulk = (size: number) => ({
      events: Array.from({ length: size }, () => eventBody(server.t1.door)),
    })
    expect((await postAll(bulk(2001))).statusCode).toBe(422)
    expect(await countEvents()).toBe(0)
    expect((await postAll(bulk(2000))).statusCode).toBe(201)
    expect(await countEvents()).toBe(2000)
    expect((await postAll({})).json()).toMatchObject({
      message: 'Following mandatory fields should be included: events',
    })
    expect((await postAll({ events: {} })).statusCode).toBe(422)
  })
})
