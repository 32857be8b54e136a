import { beforeEach, describe, expect, it } from 'vitest'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer, Method, Sent } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.7: who may, what headers say, and what the event shows */
let server: CumulocityServer
let id: string
let path: string

beforeEach(async () => {
  server = await createCumulocityServer()
  id = await server.createEvent()
  path = `/event/events/${id}/binaries`
})

const file = (text: string, headers: Sent['headers'] = {}): Sent => ({
  body: text,
  headers: { 'content-type': 'text/plain', ...headers },
})

const eventNow = async (): Promise<Record<string, unknown>> =>
  (await server.send('GET', `/event/events/${id}`)).json<Record<string, unknown>>()

describe('with a permission on the source', () => {
  const permit = (...permissions: readonly string[]) => {
    const devicePermissions = { [String(server.t1.door)]: permissions }
    return server.send('PUT', '/user/t1/users/nobody', { body: { devicePermissions } })
  }

  const deeds = async (): Promise<readonly number[]> => {
    const as = 't1/nobody'
    const statusOf = async (method: Method, sent: Sent) =>
      (await server.send(method, path, sent)).statusCode
    return [
      await statusOf('POST', { ...file('one'), as }),
      await statusOf('GET', { as }),
      await statusOf('PUT', { ...file('two'), as }),
      await statusOf('DELETE', { as }),
    ]
  }

  it.each([
    ['EVENT:*:ADMIN', [201, 403, 201, 204]],
    ['EVENT:*:*', [201, 200, 201, 204]],
    ['ALARM:*:*', [403, 403, 403, 403]],
  ])('%s, POST, GET, PUT and DELETE are %j', async (permission, statuses) => {
    await permit(permission)
    expect(await deeds()).toEqual(statuses)
  })

  it('to read, the file is read and stays as it is', async () => {
    await permit('EVENT:*:READ')
    await server.send('POST', path, file('x'))
    expect(await deeds()).toEqual([403, 200, 403, 403])
    expect((await server.send('GET', path)).body).toBe('x')
  })
})

describe('a download', () => {
  it('is whole, though a part was asked for', async () => {
    await server.send('POST', path, file('abcdef'))
    const answer = await server.send('GET', path, { headers: { range: 'bytes=0-1' } })
    expect([answer.statusCode, answer.body]).toEqual([200, 'abcdef'])
    expect(answer.headers['content-range']).toBeUndefined()
  })

  it('of an upload that is not whole yet is the 404 of an event without a file', async () => {
    await server.send('POST', path, file('abc', { 'content-range': '0-2/6' }))
    const answer = await server.send('GET', path)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ error: 'Not Found', message: 'Attachment not found' })
  })
})

describe('an upload', () => {
  const vendor = (name: string) => `application/vnd.com.nsn.cumulocity.${name}+json`

  it.each([vendor('event'), `${vendor('event')}, ${vendor('error')}`, vendor('eventBinary')])(
    'is answered with plain JSON to who asks for %s',
    async (accept) => {
      for (const method of ['POST', 'PUT'] as const) {
        const answer = await server.send(method, path, file('x', { accept }))
        expect(answer.statusCode).toBe(201)
        expect(answer.headers['content-type']).toBe('application/json;charset=UTF-8')
        expect(answer.json()).toMatchObject({ source: id, length: 1 })
      }
    },
  )

  it('may be a POST that means PUT', async () => {
    await server.send('POST', path, file('one'))
    const answer = await server.send('POST', path, file('two', { 'x-http-method': 'PUT' }))
    expect(answer.statusCode).toBe(201)
    expect((await server.send('GET', path)).body).toBe('two')
  })

  it('by PUT is whole: a part of a file never takes the place of the file', async () => {
    await server.send('POST', path, file('abcdef'))
    const answer = await server.send('PUT', path, file('gh', { 'content-range': 'bytes 0-1/4' }))
    expect(answer.statusCode).toBe(422)
    expect(answer.json<{ message: string }>().message).toContain('Content-Range: ')
    expect((await server.send('GET', path)).body).toBe('abcdef')
  })

  it('has a name and a type of at most 255 characters', async () => {
    const named = (length: number) => {
      const disposition = `attachment; filename="${'n'.repeat(length)}"`
      return server.send('POST', path, file('x', { 'content-disposition': disposition }))
    }
    expect((await named(256)).statusCode).toBe(422)
    const typed = `text/${'t'.repeat(250)}`
    expect((await named(255)).statusCode).toBe(201)
    await server.send('DELETE', path)
    const answer = await server.send('POST', path, file('x', { 'content-type': typed }))
    expect(answer.json()).toMatchObject({ type: typed })
  })
})

it('the event is changed by every upload and by the deletion, and says when', async () => {
  const { clock } = server.house
  const changedAt = async (): Promise<unknown> => (await eventNow())['lastUpdated']
  const { creationTime } = await eventNow()
  expect(await changedAt()).toBe(creationTime)
  for (const [method, sent] of [
    ['POST', file('one')],
    ['PUT', file('two')],
    ['DELETE', {}],
  ] as const) {
    clock.setMs(clock.nowMs() + 1000)
    await server.send(method, path, sent)
    expect(await changedAt()).toBe(new Date(clock.nowMs()).toISOString())
  }
  expect((await eventNow())['creationTime']).toBe(creationTime)
})
