import { describe, expect, it } from 'vitest'
import { sampleStartMs } from '../../ports/event-samples.contract.ts'
import { testBase } from '../test-server.fixture.ts'
import { createReporting, eventsPath, failure, failureOf, home } from './report-samples.fixture.ts'
import { locationOf, sampleReport, sampleText } from './report-samples.fixture.ts'

/** The example of the API's page, made valid JSON: its type is a text and its description is empty. */
const example = (appKey: string): string => `{
	    "typeId": "0045",
	    "description": "",
	    "appKey": "${appKey}",
	    "severity": 3,
	    "data": {
	            "source":"Software",
	            "version":2.5,
	            "active":true
	    },
	    "timestamp": 1440014969567
	}`

describe('a report that is stored', () => {
  it('is answered with 201, the event and the place where it is read', async () => {
    const { report, device } = await createReporting()
    const answer = await report(sampleReport())
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers['x-request-id']).toBeDefined()
    expect(answer.headers['belfry-clock-skew']).toBeUndefined()
    const { id } = answer.json<{ id: string }>()
    expect(answer.headers.location).toBe(`${testBase}/event/events/${id}`)
    expect(answer.body).toBe(
      `{"id":"${id}","self":"${testBase}/event/events/${id}","tenantId":"t1",` +
        `"deviceId":"${device}","typeId":"door-opened","description":"Front door opened",` +
        `"appId":"lobby","severity":3,` +
        `"data":{"source":"Software","version":2.5,"active":true},` +
        `"timestamp":${sampleStartMs},"creationTime":"2026-02-01T09:00:00.000Z"}`,
    )
  })

  it('may be the example of the API page', async () => {
    const { report, send, key, addApp } = await createReporting()
    await addApp(home, 'IPSO-SFHWREG-ASDEGFE-SDGACXV-BSDF')
    const answer = await report(example('IPSO-SFHWREG-ASDEGFE-SDGACXV-BSDF-key'))
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      typeId: '0045',
      description: '',
      appId: 'IPSO-SFHWREG-ASDEGFE-SDGACXV-BSDF',
      severity: 3,
      data: { source: 'Software', version: 2.5, active: true },
      timestamp: 1440014969567,
    })
    expect(answer.headers['belfry-clock-skew']).toBe(String(1440014969567 - sampleStartMs))
    const url = locationOf(answer).slice(testBase.length)
    const read = await send({ method: 'GET', url, headers: { 'x-api-key': key } })
    expect(read.json()).toMatchObject({ type: '0045', text: '', time: '2015-08-19T20:09:29.567Z' })
  })

  it('is an event of the other dialect, read with the same key', async () => {
    const { report, send, key, device } = await createReporting()
    const answer = await report(sampleReport())
    const headers = { authorization: `Bearer ${key}`, accept: 'application/json' }
    const url = locationOf(answer).slice(testBase.length)
    const read = await send({ method: 'GET', url, headers })
    expect(read.statusCode).toBe(200)
    expect(read.json()).toMatchObject({
      id: answer.json<{ id: string }>().id,
      type: 'door-opened',
      text: 'Front door opened',
      time: '2026-02-01T09:00:00.000Z',
      source: { id: String(device) },
      severity: 3,
      appId: 'lobby',
      data: { source: 'Software', version: 2.5, active: true },
    })
    const list = await send({ method: 'GET', url: '/event/events', headers })
    expect(list.json<{ events: unknown[] }>().events).toHaveLength(1)
  })

  it('keeps the text of its data: digits, spaces, order and nesting', async () => {
    const { report, send, key } = await createReporting()
    const data =
      '{ "z" : 9007199254740993, "a":1.50,\n"e": 1E+2, "long":0.1234567890123456789012345, "n":null, "t":[ {"u":"\\u00e9é"} ] }'
    const answer = await report(sampleText({ data }))
    expect(answer.statusCode).toBe(201)
    expect(answer.body).toContain(`"data":${data},`)
    const url = locationOf(answer).slice(testBase.length)
    const read = await send({ method: 'GET', url, headers: { 'x-api-key': key } })
    expect(read.body).toContain(`"data":${data}`)
  })

  it('accepts a trailing slash and a body without a media type', async () => {
    const { report, send, key, device } = await createReporting()
    const slashed = await report(sampleReport(), { url: `${eventsPath(home, device)}/` })
    expect(slashed.statusCode).toBe(201)
    const untyped = await send({
      method: 'POST',
      url: eventsPath(home, device),
      headers: { 'x-api-key': key },
      body: Buffer.from(sampleText({ severity: '1' })),
    })
    expect(untyped.statusCode).toBe(201)
  })

  it('tells a skewed clock in the answer and in the metrics, and never rewrites the time', async () => {
    const { report, meter } = await createReporting()
    const near = sampleStartMs + 5 * 60 * 1000
    expect((await report(sampleReport({ timestamp: near }))).headers).not.toHaveProperty(
      'belfry-clock-skew',
    )
    const ahead = await report(sampleReport({ timestamp: near + 1 }))
    expect(ahead.headers['belfry-clock-skew']).toBe('300001')
    expect(ahead.json()).toMatchObject({ timestamp: near + 1 })
    const behind = await report(sampleReport({ timestamp: sampleStartMs - 300_001 }))
    expect(behind.headers['belfry-clock-skew']).toBe('-300001')
    expect(await meter.render()).toContain('belfry_skewed_clocks_total{tenant="t1"} 2')
  })

  it('is counted by what became of it', async () => {
    const { report, meter } = await createReporting()
    await report(sampleReport())
    await report(sampleReport())
    await report(sampleReport({ severity: 6 }))
    await report('{')
    const metrics = await meter.render()
    expect(metrics).toContain('belfry_events_total{tenant="t1",outcome="accepted"} 1')
    expect(metrics).toContain('belfry_events_total{tenant="t1",outcome="duplicate"} 1')
    expect(metrics).toContain('belfry_events_total{tenant="t1",outcome="rejected"} 2')
  })
})

describe('the app of a report', () => {
  it('may be named by its key, or by both names of one app', async () => {
    const { report } = await createReporting()
    const byKey = await report(sampleReport({ appId: undefined, appKey: 'garage-key' }))
    expect(byKey.json()).toMatchObject({ appId: 'garage' })
    expect(byKey.json()).not.toHaveProperty('appKey')
    const both = await report(sampleReport({ appId: 'lobby', appKey: 'lobby-key' }))
    expect(both.json()).toMatchObject({ appId: 'lobby' })
  })

  it.each([
    [{ appId: 'nobody' }, 'appId must be the id of an app of this tenant'],
    [{ appId: 'elsewhere' }, 'appId must be the id of an app of this tenant'],
    [{ appId: 'lobby-key' }, 'appId must be the id of an app of this tenant'],
    [
      { appId: undefined, appKey: 'elsewhere-key' },
      'appKey must be the key of an app of this tenant',
    ],
    [{ appKey: 'garage-key' }, 'appKey is the key of another app than appId names'],
    [{ appKey: 'nobody' }, 'appKey must be the key of an app of this tenant'],
    [
      { appId: 'nobody', severity: 0, extra: 1 },
      'severity must be an integer from 1 to 5; extra is not a known field; ' +
        'appId must be the id of an app of this tenant',
    ],
  ])('is refused for %j', async (fields, message) => {
    const { report } = await createReporting()
    expect(failureOf(await report(sampleReport(fields)))).toEqual(failure(400, 6, message))
  })
})

describe('a request that is refused before its body is judged', () => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)(
    'is answered with 405 for %s, whoever asks',
    async (method) => {
      const { send, device } = await createReporting()
      for (const url of [eventsPath(home, device), `${eventsPath('nowhere', 'x')}/?a=b`]) {
        const answer = await send({ method, url })
        expect(failureOf(answer)).toEqual(failure(405, 6, 'The resource does not have this method'))
        expect(answer.headers.allow).toBe('POST')
      }
    },
  )

  it('is answered with 405 for HEAD, and for a POST that asks to be a PUT it is a POST', async () => {
    const { send, device, report } = await createReporting()
    const head = await send({ method: 'HEAD', url: eventsPath(home, device) })
    expect(head.statusCode).toBe(405)
    expect(head.headers.allow).toBe('POST')
    const headers = { 'x-http-method': 'PUT' }
    expect((await report(sampleReport(), { headers })).statusCode).toBe(201)
  })

  it('is answered with 413 above 1 MiB, declared or not, before its key is looked at', async () => {
    const { report, send, device } = await createReporting()
    const space = ' '.repeat(1024 * 1024 - Buffer.byteLength(sampleText()))
    expect((await report(sampleText() + space)).statusCode).toBe(201)
    const tooLarge = failure(413, 6, 'The body is larger than allowed: at most 1048576 bytes')
    expect(failureOf(await report(`${sampleText()} ${space}`))).toEqual(tooLarge)
    const url = eventsPath(home, device)
    const body = `${sampleText()} ${space}`
    expect(failureOf(await send({ method: 'POST', url, body }))).toEqual(tooLarge)
  })

  it.each([
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/vnd.com.nsn.cumulocity.event+json' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': ';' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('is answered with 415 for %j, before its key is looked at', async (headers) => {
    const { report } = await createReporting()
    const answer = await report(sampleReport(), { headers: { ...headers, 'x-api-key': 'x' } })
    expect(failureOf(answer)).toEqual(failure(415, 6, expect.any(String)))
  })

  it('reads JSON with any parameter', async () => {
    const { report } = await createReporting()
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await report(sampleReport(), { headers })).statusCode).toBe(201)
  })

  it('is answered with 404 for a path that no resource has', async () => {
    const { send, key } = await createReporting()
    const headers = { 'x-api-key': key }
    for (const url of ['/rest/', '/rest/v1/api/tenants/t1', '/rest/v2/api/tenants/t1/events']) {
      expect(failureOf(await send({ method: 'POST', url, headers }))).toEqual(
        failure(404, 6, 'There is no such resource'),
      )
    }
  })

  it('is answered with 400 for a path or a Host that cannot be read', async () => {
    const { report } = await createReporting()
    const url = eventsPath(home, '%E0%A4%A')
    expect(failureOf(await report(sampleReport(), { url }))).toEqual(
      failure(400, 6, 'the path is not well percent-encoded'),
    )
    const headers = { host: 'a b' }
    expect(failureOf(await report(sampleReport(), { headers }))).toEqual(
      failure(400, 6, 'The request is malformed: the Host is not valid'),
    )
  })
})

describe('a body that is no report', () => {
  it.each([
    ['', 'malformed JSON at character 0: a JSON object is expected'],
    ['[]', 'malformed JSON at character 0: a JSON object is expected'],
    [sampleText({ severity: '0045' }), /^malformed JSON/],
    [sampleText({ data: '{"a":1,"a":2}' }), /the name "a" occurs twice/],
    [sampleText({ data: '{"a":{"b":[{"c":1,"\\u0063":2}]}}' }), /the name "c" occurs twice/],
    [sampleText({ data: '{"__proto__":1}' }), /'__proto__' is not allowed/],
    [sampleText({ data: '{"a":"\\ud800"}' }), /a lone surrogate is not allowed/],
    [sampleText({ data: '{"a":1e400}' }), /beyond the range of a double/],
    [sampleText({ data: `{"a":${'['.repeat(63)}${']'.repeat(63)}}` }), /deeper than 64/],
    [`${sampleText()}x`, /nothing may follow the JSON object/],
  ])('is refused with 400: %s', async (body, message) => {
    const { report } = await createReporting()
    const told: unknown = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(failureOf(await report(body))).toEqual(failure(400, 6, told))
  })

  it('is refused with 400 when it is not UTF-8', async () => {
    const { report } = await createReporting()
    const body = Buffer.from(sampleText({ description: '"é"' }), 'latin1')
    expect(failureOf(await report(body))).toEqual(failure(400, 6, 'the body is not UTF-8'))
  })

  it('may nest as deep as 64', async () => {
    const { report } = await createReporting()
    const data = `{"a":${'['.repeat(62)}${']'.repeat(62)}}`
    expect((await report(sampleText({ data }))).statusCode).toBe(201)
  })
})
