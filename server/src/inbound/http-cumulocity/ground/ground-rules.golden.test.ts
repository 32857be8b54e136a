import { Agent, request as openRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cumulocityBodyBytesMax } from '../../../core/limits.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import { basic, createCumulocityServer, eventBody } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 1.1 to 1.4, 1.7 and 4.1 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const events = '/event/events'
const vendor = (name: string) => `application/vnd.com.nsn.cumulocity.${name}+json`
const typeOf = (name: string) => `${vendor(name)};charset=UTF-8;ver=0.9`
const info = 'https://www.cumulocity.com/guides/reference-guide/#error_reporting'

describe('the media type of an answer', () => {
  it.each([
    ['application/json', 'application/json;charset=UTF-8'],
    ['application/json;charset=utf-8', 'application/json;charset=UTF-8'],
    ['application/json, text/plain;q=0.5', 'application/json;charset=UTF-8'],
    ['*/*', typeOf('event')],
    ['application/*', typeOf('event')],
    ['text/html, */*;q=0.1', typeOf('event')],
    ['', typeOf('event')],
    [vendor('event'), typeOf('event')],
    [`${vendor('event')};ver=0.9;charset=UTF-8`, typeOf('event')],
    [`${vendor('event')};charset=UTF-8;ver=0.9`, typeOf('event')],
    [vendor('EVENT').toUpperCase(), typeOf('event')],
    [`${vendor('user')};`, typeOf('event')],
    [vendor('eventCollection'), typeOf('event')],
  ])('to Accept: %s is %s', async (accept, type) => {
    const id = await server.createEvent()
    const answer = await server.send('GET', `${events}/${id}`, { headers: { accept } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.json()).toMatchObject({ id })
  })

  it('is that of the resource when nothing is asked for', async () => {
    const answer = await server.send('GET', events, { headers: { accept: undefined } })
    expect(answer.headers['content-type']).toBe(typeOf('eventCollection'))
    expect(answer.json()).toMatchObject({ events: [] })
  })

  it('is that of an error for every error', async () => {
    const answer = await server.send('GET', `${events}/1`)
    expect(answer.headers['content-type']).toBe(typeOf('error'))
  })

  it.each(['text/html', 'text/csv', 'application/xml', 'application/json;q=0', 'image/*'])(
    'cannot be %s: 406',
    async (accept) => {
      const answer = await server.send('GET', events, { headers: { accept } })
      expect(answer.statusCode).toBe(406)
      expect(answer.headers['content-type']).toBe(typeOf('error'))
      expect(answer.json()).toEqual({
        error: 'general/notAcceptable',
        message: 'Accept must admit JSON',
        info,
      })
      const body = eventBody(server.t1.door)
      const write = await server.send('POST', events, { headers: { accept }, body })
      expect(write.statusCode).toBe(406)
      expect((await server.send('GET', events)).json()).toMatchObject({ events: [] })
    },
  )
})

describe('the media type of a body', () => {
  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'Application/JSON',
    vendor('event'),
    `${vendor('event')};charset=UTF-8;ver=0.9`,
    vendor('Event'),
    undefined,
  ])('may be %s', async (type) => {
    const body = JSON.stringify(eventBody(server.t1.door))
    const answer = await server.send('POST', events, { headers: { 'content-type': type }, body })
    expect(answer.statusCode).toBe(201)
  })

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.com.nsn.cumulocity.event',
    'nonsense',
    '',
  ])('may not be "%s": 415', async (type) => {
    const body = JSON.stringify(eventBody(server.t1.door))
    for (const method of ['POST', 'PUT'] as const) {
      const path = method === 'POST' ? events : `${events}/1`
      const answer = await server.send(method, path, { headers: { 'content-type': type }, body })
      expect(answer.statusCode).toBe(415)
      expect(answer.json()).toMatchObject({ error: 'general/unsupportedMediaType' })
      const headers = { 'content-type': type }
      const stranger = await server.send(method, path, { as: null, headers, body })
      expect(stranger.statusCode).toBe(401)
    }
  })

  it('may not be compressed: 415', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const body = JSON.stringify(eventBody(server.t1.door))
    const answer = await server.send('POST', events, { headers, body })
    expect(answer.statusCode).toBe(415)
  })
})

describe('the body of a write', () => {
  it('is left out without Accept, and Location is sent all the same', async () => {
    const body = eventBody(server.t1.door)
    const headers = { accept: undefined }
    const created = await server.send('POST', events, { headers, body })
    expect(created.statusCode).toBe(201)
    expect(created.body).toBe('')
    expect(created.headers['content-length']).toBe('0')
    expect(created.headers['content-type']).toBeUndefined()
    const location = String(created.headers.location)
    expect(location).toMatch(/^http:\/\/belfry\.test\/event\/events\/\d+$/)
    const path = location.slice(base.length)
    const changed = await server.send('PUT', path, { headers, body: { text: 'New' } })
    expect(changed.statusCode).toBe(200)
    expect(changed.body).toBe('')
    expect(changed.headers['content-length']).toBe('0')
    expect((await server.send('GET', path)).json()).toMatchObject({ text: 'New' })
  })

  it('is sent for any Accept, and Location too', async () => {
    const body = eventBody(server.t1.door)
    const answer = await server.send('POST', events, { headers: { accept: '*/*' }, body })
    const { id } = answer.json<{ id: string }>()
    expect(answer.headers.location).toBe(`${base}${events}/${id}`)
  })

  it('is never sent for a deletion', async () => {
    const id = await server.createEvent()
    const answer = await server.send('DELETE', `${events}/${id}`)
    expect(answer.statusCode).toBe(204)
    expect(answer.body).toBe('')
    expect(answer.headers['content-type']).toBeUndefined()
  })

  it('that is too large is a 413, and the connection stays usable', async () => {
    const address = await server.house.server.listen({ port: 0, host: '127.0.0.1' })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const sendOn = async (body: Buffer, declared: boolean) => {
      const length = declared ? { 'content-length': body.length } : {}
      const authorization = basic('t1/admin')
      const headers = { authorization, accept: '*/*', 'content-type': 'application/json' }
      const options = { method: 'POST', agent, headers: { ...headers, ...length } }
      const sent = openRequest(`${address}${events}`, options)
      sent.end(body)
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve)
        sent.once('error', reject)
      })
      const text: string[] = []
      for await (const chunk of answer) text.push(String(chunk))
      return {
        status: answer.statusCode,
        body: text.join(''),
        port: localPort(sent.socket),
      }
    }
    try {
      const small = Buffer.from(JSON.stringify(eventBody(server.t1.door)))
      const large = Buffer.alloc(cumulocityBodyBytesMax + 1, 'a')
      const first = await sendOn(small, true)
      const refused = [await sendOn(large, true), await sendOn(large, false)]
      const last = await sendOn(small, true)
      expect(first.status).toBe(201)
      for (const { status, body } of refused) {
        expect(status).toBe(413)
        expect(JSON.parse(body)).toMatchObject({ error: 'general/tooLarge' })
      }
      expect(last.status).toBe(201)
      expect(new Set([first, ...refused, last].map(({ port }) => port)).size).toBe(1)
    } finally {
      agent.destroy()
    }
  })
})

afterEach(() => server.house.server.close())

const localPort = (socket: { address: () => AddressInfo | object } | null): unknown => {
  const address = socket?.address()
  return address && 'port' in address ? address.port : undefined
}

describe('the method of a request', () => {
  it('may stand in X-HTTP-METHOD of a POST', async () => {
    const path = `${events}/${await server.createEvent()}`
    const override = (method: string) => ({ 'x-http-method': method })
    const put = await server.send('POST', path, { headers: override('PUT'), body: { text: 'New' } })
    expect(put.statusCode).toBe(200)
    expect(put.json()).toMatchObject({ text: 'New' })
    const read = await server.send('POST', path, { headers: override('get') })
    expect(read.json()).toMatchObject({ text: 'New' })
    const deleted = await server.send('POST', path, { headers: override(' Delete ') })
    expect(deleted.statusCode).toBe(204)
    expect((await server.send('GET', path, { headers: override('DELETE') })).statusCode).toBe(404)
  })

  it('in X-HTTP-METHOD that a path does not have is a 405, and creates nothing', async () => {
    const body = eventBody(server.t1.door)
    for (const method of ['PATCH', 'PUT', 'HEAD', 'BREW', 'DELETE, GET']) {
      const headers = { 'x-http-method': method }
      const answer = await server.send('POST', events, { headers, body })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers.allow).toBe('DELETE, GET, POST')
    }
    expect((await server.send('GET', events)).json()).toMatchObject({ events: [] })
    for (const method of ['POST', '']) {
      const headers = { 'x-http-method': method }
      expect((await server.send('POST', events, { headers, body })).statusCode).toBe(201)
    }
  })

  it('that a path does not have is a 405 that names those it has', async () => {
    const allowed = {
      [events]: 'DELETE, GET, POST',
      [`${events}/1`]: 'DELETE, GET, PUT',
      '/event': 'GET',
      '/identity/search': 'POST',
    }
    for (const [path, methods] of Object.entries(allowed)) {
      const answer = await server.send('PATCH', path)
      expect(answer.statusCode).toBe(405)
      expect(answer.headers.allow).toBe(methods)
      expect(answer.headers['content-type']).toBe(typeOf('error'))
      expect(answer.json()).toMatchObject({ error: 'general/methodNotAllowed', info })
    }
    expect((await server.send('HEAD', events)).statusCode).toBe(405)
  })
})

describe('a path', () => {
  it('may end in a slash', async () => {
    const body = eventBody(server.t1.door)
    expect((await server.send('POST', `${events}/`, { body })).statusCode).toBe(201)
    expect((await server.send('GET', `${events}/?pageSize=1`)).statusCode).toBe(200)
    expect((await server.send('PATCH', `${events}/`)).statusCode).toBe(405)
  })

  it('that leads nowhere is a 404 with the body of an error', async () => {
    for (const path of ['/', '/nothing', '/event/eventss', `${events}/1/2/3`]) {
      const answer = await server.send('GET', path)
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toBe(typeOf('error'))
      expect(answer.json()).toEqual({
        error: 'general/Not Found',
        message: 'There is no such resource',
        info,
      })
    }
  })

  it('that is not well encoded is a 400', async () => {
    const answer = await server.send('GET', '/identity/externalIds/c8y_Serial/%zz')
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ error: 'general/badRequest' })
  })
})

describe('a request id', () => {
  it('is taken over, or made', async () => {
    const given = await server.send('GET', events, { headers: { 'x-request-id': 'abc-1' } })
    expect(given.headers['x-request-id']).toBe('abc-1')
    const refused = await server.send('GET', `${events}/1`, { headers: { 'x-request-id': 'a b' } })
    expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the processing mode', () => {
  const create = (mode: string) =>
    server.send('POST', events, {
      headers: { 'x-cumulocity-processing-mode': mode },
      body: eventBody(server.t1.door),
    })

  it.each(['PERSISTENT', 'QUIESCENT', ' quiescent ', ''])('"%s" stores', async (mode) => {
    const answer = await create(mode)
    expect(answer.statusCode).toBe(201)
    const { id } = answer.json<{ id: string }>()
    expect((await server.send('GET', `${events}/${id}`)).json()).toEqual(answer.json())
  })

  it.each(['TRANSIENT', 'CEP', 'transient'])(
    '%s answers like a creation and stores nothing',
    async (mode) => {
      const answer = await create(mode)
      expect(answer.statusCode).toBe(201)
      const { id, self } = answer.json<{ id: string; self: string }>()
      expect(answer.json()).toMatchObject({ ...eventBody(server.t1.door), source: {} })
      expect(answer.headers.location).toBe(self)
      expect((await server.send('GET', `${events}/${id}`)).statusCode).toBe(404)
      expect((await server.send('GET', events)).json()).toMatchObject({ events: [] })
      expect((await create(mode)).json<{ id: string }>().id).not.toBe(id)
    },
  )

  it('TRANSIENT checks like a creation', async () => {
    const headers = { 'x-cumulocity-processing-mode': 'TRANSIENT' }
    const body = eventBody(1)
    expect((await server.send('POST', events, { headers, body })).statusCode).toBe(422)
    const known = eventBody(server.t1.door)
    const answer = await server.send('POST', events, { as: 't1/reader', headers, body: known })
    expect(answer.statusCode).toBe(403)
  })

  it('that does not exist is a 422', async () => {
    expect((await create('ALWAYS')).statusCode).toBe(422)
  })
})

describe('headers of other clients', () => {
  it('change nothing', async () => {
    const headers = {
      'x-cumulocity-application-key': 'x',
      'x-cumulocity-request-origin': 'x',
      'mime-version': '1.0',
      'x-xsrf-token': '',
      tfatoken: 'undefined',
    }
    const body = eventBody(server.t1.door)
    expect((await server.send('POST', events, { headers, body })).statusCode).toBe(201)
  })
})
