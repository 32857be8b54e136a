import { beforeEach, describe, expect, it } from 'vitest'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.7 */
let server: CumulocityServer

const records = '/audit/auditRecords'

const sample = (over: object = {}) => ({
  type: 'Event',
  activity: 'Door checked',
  text: 'by hand',
  source: { id: '12' },
  time: '2026-02-01T10:00:00.000+01:00',
  ...over,
})

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const parsed: unknown = answer.body === '' ? '' : answer.json()
  return { status: answer.statusCode, location: answer.headers.location, body: parsed }
}

const create = async (over: object = {}): Promise<string> => {
  const answer = await server.send('POST', records, { body: sample(over) })
  return answer.json<{ readonly id: string }>().id
}

beforeEach(async () => {
  server = await createCumulocityServer()
})

describe('an audit record', () => {
  it('is created with everything that was said, and read', async () => {
    const more = { user: 'ann', application: 'app', severity: 'MINOR', changes: [{ a: 1.5 }] }
    const created = await send('POST', records, sample({ ...more, id: '7' }))
    const id = created.location?.split('/').at(-1) ?? ''
    expect(created).toMatchObject({ status: 201, location: `${base}${records}/${id}` })
    const self = `${base}${records}/${id}`
    const creationTime: unknown = expect.stringMatching(/Z$/)
    expect(created.body).toEqual({ ...sample(more), id, self, creationTime })
    expect(await send('GET', `${records}/${id}`)).toMatchObject({ status: 200, body: created.body })
  })

  it('is listed newest first, by its filters and pages', async () => {
    const old = await create({ time: '2020-01-01T00:00:00Z', user: 'ann' })
    const first = await create({ source: { id: 'x' } })
    const second = await create({ type: 'Door', application: 'app' })
    const ids = async (query: string) => {
      const { body } = await send('GET', `${records}?${query}`)
      return body
    }
    const of = (...wanted: readonly string[]) => ({ auditRecords: wanted.map((id) => ({ id })) })
    expect(await ids('')).toMatchObject(of(second, first, old))
    expect(await ids('user=ann')).toMatchObject(of(old))
    expect(await ids('type=Door')).toMatchObject(of(second))
    expect(await ids('application=app')).toMatchObject(of(second))
    expect(await ids('source=x')).toMatchObject(of(first))
    expect(await ids('dateFrom=2026-01-01')).toMatchObject(of(second, first))
    expect(await ids('dateTo=2026-01-01')).toMatchObject(of(old))
    const page = await ids('pageSize=1&currentPage=2&withTotalPages=true')
    expect(page).toMatchObject({ ...of(first), statistics: { totalPages: 3 } })
    expect(page).toMatchObject({
      next: `${base}${records}?withTotalPages=true&pageSize=1&currentPage=3`,
    })
  })

  it('is refused without what it must say, or with what cannot be', async () => {
    const missing = 'Following mandatory fields should be included: activity,source,text,time,type'
    const error = 'undefined/validationError'
    const none = await send('POST', records, {})
    expect(none).toMatchObject({ status: 422, body: { error, message: missing } })
    const time = await send('POST', records, sample({ time: 'today' }))
    expect(time).toMatchObject({ status: 422, body: { error } })
    const long = await send('POST', records, sample({ text: 'x'.repeat(16 * 1024) }))
    const message = 'an audit record has at most 16384 characters'
    expect(long).toMatchObject({ status: 422, body: { error, message } })
    expect((await send('GET', `${records}?dateFrom=today`)).status).toBe(422)
  })

  it('is of its tenant only, and for who has the role', async () => {
    const id = await create()
    const absent = { status: 404, body: { error: 'audit/Not Found' } }
    expect(await send('GET', `${records}/${id}`, undefined, 't2/admin')).toMatchObject(absent)
    expect(await send('GET', `${records}/x`)).toMatchObject(absent)
    const elsewhere = await send('GET', records, undefined, 't2/admin')
    expect(elsewhere.body).toMatchObject({ auditRecords: [] })
    const forbidden = { status: 403, body: { error: 'security/Forbidden' } }
    expect(await send('GET', records, undefined, 't1/reader')).toMatchObject(forbidden)
    expect(await send('GET', `${records}/${id}`, undefined, 't1/reader')).toMatchObject(forbidden)
    expect(await send('POST', records, sample(), 't1/reader')).toMatchObject(forbidden)
  })

  it('is neither changed nor deleted', async () => {
    const id = await create()
    for (const method of ['PUT', 'DELETE'] as const) {
      expect((await send(method, `${records}/${id}`, {})).status).toBe(405)
    }
  })
})
