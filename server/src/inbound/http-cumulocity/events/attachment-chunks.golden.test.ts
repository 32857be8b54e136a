import { beforeEach, describe, expect, it } from 'vitest'
import { attachmentBytesMax } from '../../../core/limits.ts'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import type { CumulocityServer } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 3.7 */
let server: CumulocityServer
let id: string
let path: string

beforeEach(async () => {
  server = await createCumulocityServer()
  id = await server.createEvent()
  path = `/event/events/${id}/binaries`
})

const eventNow = async (): Promise<Record<string, unknown>> =>
  (await server.send('GET', `/event/events/${id}`)).json<Record<string, unknown>>()

describe('an upload in chunks', () => {
  const chunk = (body: string, range: string, more: Readonly<Record<string, string>> = {}) =>
    server.send('POST', path, {
      body,
      headers: { 'content-type': 'text/plain', 'content-range': range, ...more },
    })

  it('is whole with its last chunk, and says so of the event meanwhile', async () => {
    const name = { 'content-disposition': 'attachment; filename="a.txt"' }
    const first = await chunk('abc', 'bytes 0-2/*', name)
    expect([first.statusCode, first.json()]).toEqual([
      200,
      { self: `http://belfry.test${path}`, source: id, range: '0-2/*' },
    ])
    expect(await eventNow()).toMatchObject({ c8y_IsIncompleteBinary: { range: '0-2/*' } })
    expect((await server.send('GET', path)).statusCode).toBe(404)
    const second = await chunk('de', '3-4/7')
    expect([second.statusCode, second.json<{ range: string }>().range]).toEqual([200, '0-4/7'])
    const last = await chunk('fg', 'bytes=5-6/7')
    expect([last.statusCode, last.json()]).toEqual([
      201,
      {
        self: `http://belfry.test${path}`,
        source: id,
        name: 'a.txt',
        type: 'text/plain',
        length: 7,
      },
    ])
    expect(last.headers.location).toBe(`http://belfry.test${path}`)
    expect((await server.send('GET', path)).body).toBe('abcdefg')
    expect(await eventNow()).not.toHaveProperty('c8y_IsIncompleteBinary')
    expect((await chunk('x', '0-0/1')).statusCode).toBe(409)
  })

  it('may come in one', async () => {
    expect((await chunk('abc', '0-2/3')).json()).toMatchObject({ name: id, length: 3 })
  })

  it.each([
    ['0-9', 'must be <start>-<stop>'],
    ['x', 'must be <start>-<stop>'],
    ['2-1/3', 'must be <start>-<stop>'],
    ['0-3/3', 'must be <start>-<stop>'],
    ['0-3/9', 'says 4 bytes, and the body has 3'],
    ['0-1/9', 'says 2 bytes, and the body has 3'],
    ['5-7/9', 'the next chunk begins with byte 0'],
  ])('with Content-Range %s is a 422: %s', async (range, message) => {
    const answer = await chunk('abc', range)
    expect(answer.statusCode).toBe(422)
    expect(answer.json<{ message: string }>().message).toContain(message)
    expect(await eventNow()).not.toHaveProperty('c8y_IsIncompleteBinary')
  })

  it('takes a chunk again that did not come whole', async () => {
    await chunk('abc', '0-2/6')
    expect((await chunk('d', '3-5/6')).statusCode).toBe(422)
    expect((await chunk('ef', '4-5/6')).json<{ message: string }>().message).toContain(
      'the next chunk begins with byte 3',
    )
    expect((await chunk('def', '3-5/6')).statusCode).toBe(201)
    expect((await server.send('GET', path)).body).toBe('abcdef')
  })

  it('begins anew with byte 0', async () => {
    await chunk('wrong', '0-4/9')
    await chunk('abc', '0-2/6')
    expect((await chunk('def', '3-5/6')).statusCode).toBe(201)
    expect((await server.send('GET', path)).body).toBe('abcdef')
  })

  it('that becomes too large is a 413 and loses all chunks', async () => {
    await chunk('abc', '0-2/*')
    const last = attachmentBytesMax
    const answer = await chunk('x', `3-${last}/${last + 1}`)
    expect(answer.statusCode).toBe(413)
    expect(await eventNow()).not.toHaveProperty('c8y_IsIncompleteBinary')
    expect((await chunk('d', '3-3/4')).statusCode).toBe(422)
  })

  it('is forgotten when it has waited an hour', async () => {
    await chunk('abc', '0-2/6')
    server.house.clock.setMs(server.house.clock.nowMs() + 60 * 60 * 1000)
    await server.house.uploadInChunks.expire()
    expect(await eventNow()).toHaveProperty('c8y_IsIncompleteBinary')
    server.house.clock.setMs(server.house.clock.nowMs() + 1)
    await server.house.uploadInChunks.expire()
    expect(await eventNow()).not.toHaveProperty('c8y_IsIncompleteBinary')
    expect((await chunk('def', '3-5/6')).statusCode).toBe(422)
  })
})

describe('a file too large', () => {
  it('is refused by its Content-Length alone', async () => {
    const length = { 'content-length': String(attachmentBytesMax + 1) }
    const answer = await server.send('POST', path, { body: 'x', headers: length })
    expect([answer.statusCode, answer.json()]).toEqual([
      413,
      {
        error: 'general/tooLarge',
        message: `The body is larger than allowed: at most ${attachmentBytesMax} bytes`,
        info: 'https://www.cumulocity.com/guides/reference-guide/#error_reporting',
      },
    ])
  })
})
