import type { LightMyRequestResponse } from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.7 */
let server: CumulocityServer
let id: string
let path: string

beforeEach(async () => {
  server = await createCumulocityServer()
  id = await server.createEvent()
  path = `/event/events/${id}/binaries`
})

const info = 'https://www.cumulocity.com/guides/reference-guide/#error_reporting'
const noAttachment = { error: 'Not Found', message: 'Attachment not found', info }
const noEvent = { error: 'event/Not Found', message: 'Finding event from database failed', info }
const taken = { error: 'Duplicate', message: 'Attachment already exists', info }

const nasty = Buffer.from([0, 255, 13, 10, 45, 45, 98, 13, 10, 0, 254, 45, 45, 13, 10])

const raw = (body: string | Buffer, headers: Sent['headers'] = {}): Sent => ({
  body,
  headers: { 'content-type': 'text/plain', ...headers },
})

type Part = { readonly head: string; readonly body: string | Buffer }

const multipart = (...parts: readonly Part[]): Sent => ({
  headers: { 'content-type': 'multipart/form-data; boundary=----b' },
  body: Buffer.concat([
    ...parts.flatMap(({ head, body }) => [
      Buffer.from(`------b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('------b--\r\n'),
  ]),
})

const saved = (name: string, type: string, length: number) => ({
  self: `http://belfry.test${path}`,
  source: id,
  name,
  type,
  length,
})

const eventNow = async (): Promise<Record<string, unknown>> =>
  (await server.send('GET', `/event/events/${id}`)).json<Record<string, unknown>>()

const expectSaved = (answer: LightMyRequestResponse, body: object): void => {
  expect(answer.json()).toEqual(body)
  expect(answer.statusCode).toBe(201)
  expect(answer.headers.location).toBe(`http://belfry.test${path}`)
  expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8')
}

describe('a raw upload', () => {
  it('keeps the bytes, with the type and name of its headers', async () => {
    const answer = await server.send(
      'POST',
      path,
      raw(nasty, {
        'content-type': 'image/png; a=b',
        'content-disposition': 'attachment; filename="door+1 \\"x\\".png"',
      }),
    )
    expectSaved(answer, saved('door+1 "x".png', 'image/png; a=b', nasty.length))
    expect(await eventNow()).toMatchObject({
      c8y_IsBinary: { name: 'door+1 "x".png', type: 'image/png; a=b', length: nasty.length },
    })
    const read = await server.send('GET', path)
    expect(read.statusCode).toBe(200)
    expect(read.rawPayload.equals(nasty)).toBe(true)
    expect(read.headers).toMatchObject({
      'content-type': 'image/png; a=b',
      'content-length': String(nasty.length),
      'content-disposition': 'attachment; filename="door+1 \\"x\\".png"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    })
  })

  it('is called like its event, and is octets, when nobody says anything', async () => {
    const answer = await server.send('POST', path, raw('x', { 'content-type': undefined }))
    expectSaved(answer, saved(id, 'application/octet-stream', 1))
  })

  it('may be empty', async () => {
    expectSaved(await server.send('POST', path, raw('')), saved(id, 'text/plain', 0))
    const read = await server.send('GET', path)
    expect([read.statusCode, read.body, read.headers['content-length']]).toEqual([200, '', '0'])
  })

  it.each([
    ['attachment; filename="Tür €.txt"', 'Tür €.txt'],
    ['attachment; filename="x"; filename*=UTF-8\'\'T%C3%BCr%20%E2%82%AC.txt', 'Tür €.txt'],
    ['attachment; filename=bare.txt', 'bare.txt'],
    ['attachment; filename="C:\\dir\\a.txt"', 'a.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
  ])('with %s is called %s', async (disposition, name) => {
    const header = Buffer.from(disposition).toString('latin1')
    const answer = await server.send('POST', path, raw('x', { 'content-disposition': header }))
    expectSaved(answer, saved(name, 'text/plain', 1))
  })

  it.each([
    ['Tür €.txt', 'attachment; filename="T_r _.txt"; filename*=UTF-8\'\'T%C3%BCr%20%E2%82%AC.txt'],
    ["it's (1).txt", 'attachment; filename="it\'s (1).txt"'],
  ])('called %s comes back with a header that every client reads', async (name, disposition) => {
    const object = { head: 'name="object"', body: JSON.stringify({ name }) }
    await server.send('POST', path, multipart(object, { head: 'name="file"', body: 'x' }))
    expect((await server.send('GET', path)).headers['content-disposition']).toBe(disposition)
  })

  it('is answered with JSON whatever was asked for, also without Accept', async () => {
    for (const accept of ['application/octet-stream', undefined, 'text/html', '*/*']) {
      const answer = await server.send('POST', path, raw('x', { accept }))
      expectSaved(answer, saved(id, 'text/plain', 1))
      const read = await server.send('GET', path, { headers: { accept } })
      expect([read.statusCode, read.body]).toEqual([200, 'x'])
      await server.send('DELETE', path)
    }
  })
})

describe('a multipart upload', () => {
  const file = { head: 'name="file"; filename="a.txt"\r\nContent-Type: text/csv', body: nasty }

  it.each([
    ['only a file without a name', [{ head: 'name="file"', body: nasty }], '', 'text/plain'],
    [
      'a file without a name, of a type',
      [{ head: 'name="file"\r\nContent-Type: application/octet-stream', body: nasty }],
      '',
      'application/octet-stream',
    ],
    ['a file with name and type', [file], 'a.txt', 'text/csv'],
    [
      'object before the file',
      [{ head: 'name="object"', body: '{"name":"ü","type":"a/b"}' }, file],
      'ü',
      'a/b',
    ],
    [
      'object behind the file, with a type and file name of its own',
      [
        file,
        {
          head: 'name="object"; filename="blob"\r\nContent-Type: application/json',
          body: '{"name":"o"}',
        },
      ],
      'o',
      'text/csv',
    ],
    ['type and file', [{ head: 'name="type"', body: 'c/d' }, file], 'a.txt', 'c/d'],
    [
      'object, filesize and file',
      [{ head: 'name="object"', body: '{}' }, { head: 'name="filesize"', body: '15' }, file],
      'a.txt',
      'text/csv',
    ],
    [
      'a part that is named like the file itself',
      [{ head: 'name="a.txt"; filename="a.txt"', body: nasty }],
      'a.txt',
      'text/plain',
    ],
    [
      'a second file, which is skipped',
      [file, { head: 'name="file"; filename="b"', body: 'b' }],
      'a.txt',
      'text/csv',
    ],
    [
      'a name in UTF-8',
      [{ head: 'name="file"; filename="Tür €.txt"', body: nasty }],
      'Tür €.txt',
      'text/plain',
    ],
  ] as const)('with %s is taken', async (_, parts, name, type) => {
    const answer = await server.send('POST', path, multipart(...parts))
    expectSaved(answer, saved(name === '' ? id : name, type, nasty.length))
    expect((await server.send('GET', path)).rawPayload.equals(nasty)).toBe(true)
  })

  it.each([
    ['without a file', multipart({ head: 'name="object"', body: '{}' }), 'file: a part of this'],
    ['without any part', multipart(), 'file: a part of this'],
    [
      'with an object that is no JSON',
      multipart({ head: 'name="object"', body: '{' }, file),
      'malformed JSON',
    ],
    [
      'with a name that is no text',
      multipart({ head: 'name="object"', body: '{"name":1}' }, file),
      'name: must be a string',
    ],
    [
      'with an empty name',
      multipart({ head: 'name="object"', body: '{"name":""}' }, file),
      "name: a file's name has 1 to 255 characters",
    ],
    [
      'with a control character in its name',
      multipart({ head: 'name="object"', body: '{"name":"a\\nb"}' }, file),
      'control characters',
    ],
    [
      'with a type that is none',
      multipart({ head: 'name="object"', body: '{"type":"text"}' }, file),
      'type: must be a media type',
    ],
    [
      'with an object too large',
      multipart({ head: 'name="object"', body: `"${'x'.repeat(70_000)}"` }, file),
      'at most 65536 bytes',
    ],
    [
      'with too many parts',
      multipart(...Array.from({ length: 40 }, () => ({ head: 'name="x"', body: '' })), file),
      'more than 32 parts',
    ],
    [
      'cut off inside the file',
      {
        ...multipart(file),
        body: '------b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx',
      },
      'multipart/form-data',
    ],
    ['of another kind', raw('x', { 'content-type': 'multipart/mixed; boundary=x' }), 'multipart'],
    ['without a boundary', raw('x', { 'content-type': 'multipart/form-data' }), 'multipart'],
    ['that is something else', { ...multipart(), body: 'nothing' }, 'multipart/form-data'],
  ] as const)('%s is refused with 422, and keeps nothing', async (_, sent, message) => {
    const answer = await server.send('POST', path, sent)
    expect(answer.json()).toMatchObject({ error: 'undefined/validationError' })
    expect(answer.json<{ message: string }>().message).toContain(message)
    expect(answer.statusCode).toBe(422)
    expect((await server.send('GET', path)).statusCode).toBe(404)
    expect(await eventNow()).not.toHaveProperty('c8y_IsBinary')
  })
})

describe('a second upload', () => {
  it('by POST is a 409, and the first stays', async () => {
    await server.send('POST', path, raw('one'))
    const answer = await server.send('POST', path, raw('two'))
    expect([answer.statusCode, answer.json()]).toEqual([409, taken])
    expect((await server.send('GET', path)).body).toBe('one')
  })

  it('by two POSTs at once is kept once', async () => {
    const answers = await Promise.all(
      ['one', 'two'].map((text) => server.send('POST', path, raw(text))),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409])
  })

  it('by PUT replaces with 201, and keeps the former name when it says none', async () => {
    await server.send('POST', path, raw('one', { 'content-disposition': 'x; filename="a.txt"' }))
    const octets = { 'content-type': 'application/octet-stream' }
    expectSaved(
      await server.send('PUT', path, raw('longer', octets)),
      saved('a.txt', 'application/octet-stream', 6),
    )
    const named = { 'content-type': undefined, 'content-disposition': 'attachment; filename="b"' }
    expectSaved(await server.send('PUT', path, raw('b', named)), saved('b', 'text/plain', 1))
    expect((await server.send('GET', path)).body).toBe('b')
    expect(await eventNow()).toMatchObject({
      c8y_IsBinary: { name: 'b', type: 'text/plain', length: 1 },
    })
  })

  it('by PUT may be multipart', async () => {
    await server.send('POST', path, raw('one'))
    const answer = await server.send('PUT', path, multipart({ head: 'name="file"', body: 'two' }))
    expectSaved(answer, saved(id, 'text/plain', 3))
  })
})

describe('a deletion', () => {
  it('takes file and fragment, and leaves the event', async () => {
    const before = await eventNow()
    await server.send('POST', path, raw('x'))
    const answer = await server.send('DELETE', path)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    const read = await server.send('GET', path)
    expect([read.statusCode, read.json()]).toEqual([404, noAttachment])
    expect(await eventNow()).toEqual(before)
    const again = await server.send('DELETE', path)
    expect([again.statusCode, again.json()]).toEqual([404, noAttachment])
    expect((await server.send('POST', path, raw('y'))).statusCode).toBe(201)
  })

  it('of the event takes the file with it', async () => {
    await server.send('POST', path, raw('x'))
    expect((await server.send('DELETE', `/event/events/${id}`)).statusCode).toBe(204)
    expect(await server.house.attachments.list(0)).toMatchObject({ value: { places: [] } })
    expect((await server.send('GET', path)).json()).toEqual(noAttachment)
  })
})

describe('what is not there', () => {
  it('is 404 in the words of the original', async () => {
    const put = await server.send('PUT', path, raw('x'))
    expect([put.statusCode, put.json()]).toEqual([404, noAttachment])
    for (const other of ['1', 'abc', '%00', '99999999999999999999']) {
      const url = `/event/events/${other}/binaries`
      expect((await server.send('GET', url)).json()).toEqual(noAttachment)
      for (const method of ['POST', 'PUT', 'DELETE'] as const) {
        const answer = await server.send(method, url, raw('x'))
        expect([answer.statusCode, answer.json()]).toEqual([404, noEvent])
      }
    }
  })

  it('is what another tenant has', async () => {
    await server.send('POST', path, raw('x'))
    const as = 't2/admin'
    expect((await server.send('GET', path, { as })).json()).toEqual(noAttachment)
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const answer = await server.send(method, path, { ...raw('y'), as })
      expect([answer.statusCode, answer.json()]).toEqual([404, noEvent])
    }
    expect((await server.send('GET', path)).body).toBe('x')
  })
})

describe('who may', () => {
  it.each([
    [null, 401, 401],
    ['t1/nobody', 403, 403],
    ['t1/reader', 200, 403],
    ['t1/writer', 403, 201],
    ['t1/device_1', 403, 403],
    ['t1/admin', 200, 201],
  ])('%s: GET is %d, PUT is %d', async (as, read, write) => {
    await server.send('POST', path, raw('x'))
    expect((await server.send('GET', path, { as })).statusCode).toBe(read)
    expect((await server.send('PUT', path, { ...raw('y'), as })).statusCode).toBe(write)
    const other = write === 201 ? 409 : write
    expect((await server.send('POST', path, { ...raw('y'), as })).statusCode).toBe(other)
    const deleted = write === 201 ? 204 : write
    expect((await server.send('DELETE', path, { as })).statusCode).toBe(deleted)
  })

  it('the owner of the source everything', async () => {
    const own = await server.createEvent({ source: { id: String(server.t1.owned) } })
    const as = 't1/device_1'
    const url = `/event/events/${own}/binaries`
    expect((await server.send('POST', url, { ...raw('x'), as })).statusCode).toBe(201)
    expect((await server.send('GET', url, { as })).body).toBe('x')
    expect((await server.send('PUT', url, { ...raw('y'), as })).statusCode).toBe(201)
    expect((await server.send('DELETE', url, { as })).statusCode).toBe(204)
  })
})

describe('the fragment', () => {
  it('is only written by the server: clients that send whole events back change nothing', async () => {
    const claimed = await server.createEvent({ c8y_IsBinary: { name: 'x' }, mine: 1 })
    const event = await server.send('GET', `/event/events/${claimed}`)
    expect(event.json()).not.toHaveProperty('c8y_IsBinary')
    await server.send('POST', path, raw('x'))
    const before = await eventNow()
    for (const fragment of [null, { name: 'other' }]) {
      const body = { c8y_IsBinary: fragment, c8y_IsIncompleteBinary: {} }
      const answer = await server.send('PUT', `/event/events/${id}`, { body })
      expect(answer.json()).toMatchObject({ c8y_IsBinary: before['c8y_IsBinary'] })
    }
    expect(await eventNow()).not.toHaveProperty('c8y_IsIncompleteBinary')
  })

  it('finds the events that have an attachment', async () => {
    await server.createEvent()
    await server.send('POST', path, raw('x'))
    const list = await server.send('GET', '/event/events?fragmentType=c8y_IsBinary')
    expect(list.json<{ events: { id: string }[] }>().events.map((each) => each.id)).toEqual([id])
  })

  it('that does not fit is a 422, and nothing is kept', async () => {
    const full = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`f${n}`, 1]))
    await server.send('PUT', `/event/events/${id}`, { body: full })
    const answer = await server.send('POST', path, raw('x'))
    expect(answer.statusCode).toBe(422)
    expect((await server.send('GET', path)).statusCode).toBe(404)
  })
})
