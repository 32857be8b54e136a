import { beforeEach, expect, it } from 'vitest'
import { attachmentBytesMax } from '../../../core/limits.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.9 */
let server: CumulocityServer

beforeEach(async () => {
  server = await createCumulocityServer()
})

const all = '/inventory/binaries'

const form = (object: string | undefined, body: string): Sent => ({
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body: [
    '--b\r\nContent-Disposition: form-data; name="file"; filename="bin"\r\n',
    `Content-Type: application/octet-stream\r\n\r\n${body}\r\n`,
    object === undefined
      ? ''
      : `--b\r\nContent-Disposition: form-data; name="object"\r\n\r\n${object}\r\n`,
    '--b--\r\n',
  ].join(''),
})

const create = async (object = '{"name":"fw","type":"text/plain","mine":1}'): Promise<string> => {
  const answer = await server.send('POST', all, form(object, 'abc'))
  expect(answer.statusCode).toBe(201)
  return answer.json<{ id: string }>().id
}

it('a file becomes an object, is listed, read, replaced, and goes with its object', async () => {
  const id = await create()
  const path = `${all}/${id}`
  const object = await server.send('GET', `/inventory/managedObjects/${id}`)
  const said = { id, name: 'fw', type: 'text/plain', contentType: 'text/plain', mine: 1 }
  expect(object.json()).toMatchObject({ ...said, length: 3, c8y_IsBinary: '', owner: 'admin' })
  const list = await server.send('GET', all)
  expect(list.json<{ managedObjects: unknown[] }>().managedObjects).toEqual([object.json()])
  const read = await server.send('GET', path)
  expect([read.body, read.headers['content-disposition']]).toEqual([
    'abc',
    'attachment; filename="fw"',
  ])
  const replaced = await server.send('PUT', path, {
    body: 'longer',
    headers: { 'content-type': 'text/csv' },
  })
  expect(replaced.statusCode).toBe(201)
  expect(replaced.json()).toMatchObject({ id, name: 'fw', contentType: 'text/csv', length: 6 })
  expect((await server.send('GET', path)).body).toBe('longer')
  expect((await server.send('DELETE', path)).statusCode).toBe(204)
  expect((await server.send('GET', path)).json()).toMatchObject({ error: 'inventory/Not Found' })
  expect((await server.send('GET', `/inventory/managedObjects/${id}`)).statusCode).toBe(404)
  expect(await server.house.attachments.list(0)).toMatchObject({ value: { places: [] } })
})

it('files are listed by the filters, queries and pages of all objects', async () => {
  const ids = [await create(), await create('{"name":"log","type":"text/csv"}'), await create()]
  const found = async (query: string) => {
    const answer = await server.send('GET', `${all}?${query}`)
    const { managedObjects, ...rest } = answer.json<{ managedObjects: { id: string }[] }>()
    return { ...rest, found: managedObjects.map(({ id }) => ids.indexOf(id)) }
  }
  expect((await found('')).found).toEqual([0, 1, 2])
  expect((await found('fragmentType=mine')).found).toEqual([0, 2])
  expect((await found('fragmentType=c8y_IsDevice')).found).toEqual([])
  expect((await found('type=text/csv&owner=admin')).found).toEqual([1])
  expect((await found("query=name eq 'L*' or has(mine) $orderby=name desc")).found).toEqual([
    1, 0, 2,
  ])
  expect((await found('q=')).found).toEqual([])
  const page = await found('fragmentType=mine&pageSize=1&withTotalPages=true')
  expect(page).toMatchObject({ found: [0], statistics: { currentPage: 1, totalPages: 2 } })
  expect(page).toHaveProperty('next')
  expect((await server.send('GET', `${all}?pageSize=0`)).statusCode).toBe(422)
})

it('what an object says of its bytes no update changes, and the rest as everywhere', async () => {
  const id = await create()
  const forged = { contentType: 'text/html', length: 7, c8y_IsBinary: null, mine: 2 }
  const objects = '/inventory/managedObjects'
  const one = await server.send('PUT', `${objects}/${id}`, { body: forged })
  const updates = [{ ...forged, id, contentType: null, mine: 3 }]
  const many = await server.send('PUT', objects, { body: { managedObjects: updates } })
  expect([one.statusCode, many.statusCode]).toEqual([200, 200])
  const said = { contentType: 'text/plain', length: 3, c8y_IsBinary: '' }
  expect(one.json()).toMatchObject({ ...said, mine: 2 })
  expect(many.json()).toMatchObject({ managedObjects: [{ ...said, mine: 3 }] })
  const door = await server.send('PUT', `${objects}/${server.t1.door}`, { body: forged })
  expect(door.json()).toMatchObject({ contentType: 'text/html', length: 7 })
})

it('a file may come as it stands, and is named by its headers', async () => {
  const answer = await server.send('POST', all, {
    body: 'x',
    headers: { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="ü.png"' },
  })
  const { id } = answer.json<{ id: string }>()
  expect(answer.headers.location).toBe(`http://belfry.test${all}/${id}`)
  expect(answer.json()).toMatchObject({ name: 'ü.png', type: 'image/png', length: 1 })
})

it.each([
  [null, 401, 401, 401],
  ['t1/nobody', 403, 403, 403],
  ['t1/reader', 403, 200, 403],
  ['t1/admin', 201, 200, 201],
  ['t2/admin', 201, 404, 404],
])('for %s POST is %d, GET of another’s %d, PUT %d', async (as, post, get, put) => {
  const path = `${all}/${await create()}`
  expect((await server.send('POST', all, { ...form(undefined, 'x'), as })).statusCode).toBe(post)
  expect((await server.send('GET', path, { as })).statusCode).toBe(get)
  expect((await server.send('PUT', path, { ...form(undefined, 'x'), as })).statusCode).toBe(put)
})

it('a file that is too large is a 413 and leaves nothing', async () => {
  const id = await create()
  const body = Buffer.alloc(attachmentBytesMax + 1)
  const headers = { 'content-type': 'text/plain' }
  for (const [method, path] of [
    ['POST', all],
    ['PUT', `${all}/${id}`],
  ] as const) {
    const answer = await server.send(method, path, { body, headers })
    expect([answer.statusCode, answer.json<unknown>()]).toMatchObject([
      413,
      { error: 'general/tooLarge' },
    ])
  }
  expect((await server.send('GET', `${all}/${id}`)).body).toBe('abc')
  const list = await server.send('GET', all)
  expect(list.json()).toMatchObject({ managedObjects: [{ id }] })
})

it('an object that is no file is not found here, and a bad one creates nothing', async () => {
  const path = `${all}/${server.t1.door}`
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    const answer = await server.send(method, path, form(undefined, 'x'))
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
      404,
      'inventory/Not Found',
    ])
  }
  for (const object of ['{', '{"name":1}', '{"a b":1}', '{"name":""}']) {
    const answer = await server.send('POST', all, form(object, 'x'))
    expect(answer.statusCode).toBe(422)
  }
  const list = await server.send('GET', all)
  expect(list.json<{ managedObjects: unknown[] }>().managedObjects).toEqual([])
  expect(await server.house.attachments.list(0)).toMatchObject({ value: { places: [] } })
})

it('a part of a file is a 422, and is not kept for the whole', async () => {
  const id = await create()
  for (const [method, path] of [
    ['POST', all],
    ['PUT', `${all}/${id}`],
  ] as const) {
    const headers = { 'content-type': 'text/plain', 'content-range': 'bytes 0-0/9' }
    const answer = await server.send(method, path, { body: 'x', headers })
    expect(answer.statusCode).toBe(422)
    expect(answer.json<{ message: string }>().message).toContain('Content-Range')
  }
  const list = await server.send('GET', all)
  expect(list.json<{ managedObjects: unknown[] }>().managedObjects).toHaveLength(1)
  expect((await server.send('GET', `${all}/${id}`)).body).toBe('abc')
})
