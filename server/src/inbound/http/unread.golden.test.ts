import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestServer } from '../test-server.fixture.ts'
import type { TestServer } from '../test-server.fixture.ts'

const open: TestServer[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ server }) => server.close()))
})

/** Sends raw lines over a socket of its own and answers all that comes back until the server closes it. */
const sendLines = async (...lines: readonly string[]): Promise<string> => {
  const test = createTestServer()
  open.push(test)
  await test.server.listen({ host: '127.0.0.1', port: 0 })
  const address: AddressInfo | string | null = test.server.server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP port is expected')
  return new Promise((resolve, reject) => {
    const socket = connect(address.port, '127.0.0.1', () => {
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

const reportPath = '/rest/v1/api/tenants/t1/devices/1/events'

describe('what cannot be read as a request', () => {
  it('for a method that nobody has heard of is a 405 in the words of the dialect', async () => {
    const body = '{"error":6,"message":"The resource does not have this method"}'
    expect(await sendLines(`BREW ${reportPath}?a=b HTTP/1.1`, 'Host: x')).toBe(
      'HTTP/1.1 405 Method Not Allowed\r\nallow: POST\r\ncontent-type: application/json\r\n' +
        `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
    const other = await sendLines('BREW /event/events/1 HTTP/1.1', 'Host: x')
    expect(other).toMatch(/^HTTP\/1\.1 405 .*\r\nallow: DELETE, GET, PUT\r\n/)
    expect(other).toContain('"error":"general/methodNotAllowed"')
  })

  it('behind a request that was read is answered for its own path', async () => {
    const first = [`GET ${reportPath} HTTP/1.1`, 'Host: x', '']
    const answers = await sendLines(...first, 'BREW /event/events HTTP/1.1', 'Host: x')
    expect(answers).toContain('\r\nallow: DELETE, GET, POST\r\n')
  })

  it('for a method and a path that nobody has heard of is a 400', async () => {
    const answer = await sendLines('BREW /rest/nothing HTTP/1.1', 'Host: x')
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toContain('{"error":6,"message":"the request is not well-formed HTTP"}')
  })

  it('because of its headers is a 400, or a 431 when they are too large', async () => {
    const malformed = await sendLines('GET /platform HTTP/1.1', 'Host: x', 'a b: c')
    expect(malformed).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(malformed).toContain('"error":"general/badRequest"')
    const large = await sendLines('GET /platform HTTP/1.1', 'Host: x', `a: ${'x'.repeat(20_000)}`)
    expect(large).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  })
})
