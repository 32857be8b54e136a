import { beforeEach, describe, expect, it } from 'vitest'
import { createCumulocityServer } from '../cumulocity-server.fixture.ts'
import { testBase as base } from '../../test-server.fixture.ts'
import type { CumulocityServer, Method } from '../cumulocity-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.6 */
let server: CumulocityServer
let rule: string

const send = async (method: Method, path: string, body?: unknown, as = 't1/admin') => {
  const answer = await server.send(method, path, { body, as })
  const { statusCode: status, headers } = answer
  return {
    status,
    type: headers['content-type'],
    location: headers.location,
    body: answer.body === '' ? '' : answer.json<unknown>(),
  }
}

const rules = '/retention/retentions'

beforeEach(async () => {
  server = await createCumulocityServer()
  const created = await server.send('POST', rules, { body: { dataType: 'EVENT', maximumAge: 7 } })
  rule = created.json<{ readonly id: string }>().id
})

const encoded = (over: object = {}) => ({
  id: rule,
  self: `${base}${rules}/${rule}`,
  dataType: 'EVENT',
  fragmentType: '*',
  type: '*',
  source: '*',
  maximumAge: 7,
  editable: true,
  ...over,
})

const invalid = (message: string) => ({
  status: 422,
  body: { error: 'undefined/validationError', message },
})

const forbidden = { status: 403, body: { error: 'security/Forbidden' } }

const absent = {
  status: 404,
  body: { error: 'retention/Not Found', message: 'Retention rule not found' },
}

describe('a retention rule', () => {
  it('is created, answered with its address, and read', async () => {
    const sent = { dataType: '*', fragmentType: 'f', type: 't', source: '12', maximumAge: 3650 }
    const created = await send('POST', rules, sent)
    const id = String(Number(rule) + 1)
    const self = `${base}${rules}/${id}`
    expect(created).toMatchObject({ status: 201, location: self })
    expect(created.body).toEqual({ ...sent, id, self, editable: true })
    expect((await send('GET', `${rules}/${id}`)).body).toEqual(created.body)
  })

  it('is about all kinds of data, whatever their type, fragment and source, unless told', async () => {
    for (const said of [{}, { dataType: '*', fragmentType: '*', type: '*', source: '*' }]) {
      const body = { ...said, maximumAge: 1, id: '1', self: 'x' }
      const created = await server.send('POST', rules, { body })
      const { id } = created.json<{ readonly id: string }>()
      const self = `${base}${rules}/${id}`
      expect([created.statusCode, created.headers.location]).toEqual([201, self])
      expect(created.json()).toEqual(encoded({ id, self, dataType: '*', maximumAge: 1 }))
    }
    for (const dataType of ['ALARM', 'AUDIT', 'BULK_OPERATION', 'MEASUREMENT', 'OPERATION']) {
      const created = await send('POST', rules, { dataType, maximumAge: 3650 })
      expect(created).toMatchObject({ status: 201, body: { dataType, maximumAge: 3650 } })
    }
  })

  it('without an Accept is created and has no body', async () => {
    const headers = { accept: undefined }
    const answer = await server.send('POST', rules, { body: { maximumAge: 1 }, headers })
    expect(answer.statusCode).toBe(201)
    expect(answer.body).toBe('')
    expect(answer.headers.location).toMatch(`${base}${rules}/`)
  })

  it('is listed after the one that every tenant begins with, page by page', async () => {
    const { body } = await send('GET', `${rules}?withTotalElements=true`)
    expect(body).toMatchObject({
      self: `${base}${rules}?withTotalElements=true&pageSize=5&currentPage=1`,
      retentionRules: [{ dataType: '*', maximumAge: 60, editable: true }, encoded()],
      statistics: { currentPage: 1, pageSize: 5, totalElements: 2 },
    })
    const page = await send('GET', `${rules}?pageSize=1&currentPage=2`)
    expect(page.body).toMatchObject({ retentionRules: [encoded()] })
    expect(page.body).not.toHaveProperty('next')
  })

  it('is changed only where told', async () => {
    const first = await send('PUT', `${rules}/${rule}`, { id: rule, type: 'door', maximumAge: 8 })
    expect(first).toMatchObject({ status: 200, body: encoded({ type: 'door', maximumAge: 8 }) })
    const second = await send('PUT', `${rules}/${rule}`, { type: '*', source: '5' })
    expect(second.body).toEqual(encoded({ maximumAge: 8, source: '5' }))
    expect((await send('GET', `${rules}/${rule}`)).body).toEqual(second.body)
  })

  it('is deleted once', async () => {
    expect(await send('DELETE', `${rules}/${rule}`)).toMatchObject({ status: 204, body: '' })
    for (const method of ['GET', 'DELETE'] as const) {
      expect(await send(method, `${rules}/${rule}`)).toMatchObject(absent)
    }
    expect(await send('PUT', `${rules}/${rule}`, { maximumAge: 1 })).toMatchObject(absent)
  })

  it('has the vendor types of a rule and of a collection', async () => {
    const headers = { accept: '*/*' }
    const vendor = 'application/vnd.com.nsn.cumulocity'
    const one = await server.send('GET', `${rules}/${rule}`, { headers })
    expect(one.headers['content-type']).toMatch(`${vendor}.retentionRule+json`)
    const all = await server.send('GET', rules, { headers })
    expect(all.headers['content-type']).toMatch(`${vendor}.retentionRuleCollection+json`)
  })
})

describe('a retention rule is refused', () => {
  it('without an age, or with one that is none', async () => {
    const missing = 'Following mandatory fields should be included: maximumAge'
    expect(await send('POST', rules, { dataType: 'EVENT' })).toMatchObject(invalid(missing))
    const wrong = 'maximumAge: must be a whole number of days from 1 to 3650'
    for (const maximumAge of [0, -1, 1.5, 3651]) {
      expect(await send('POST', rules, { maximumAge })).toMatchObject(invalid(wrong))
      expect(await send('PUT', `${rules}/${rule}`, { maximumAge })).toMatchObject(invalid(wrong))
    }
    const text = 'maximumAge: must be a number of days'
    expect(await send('POST', rules, { maximumAge: '7' })).toMatchObject(invalid(text))
  })

  it('for members that cannot be', async () => {
    const kinds = 'ALARM, AUDIT, BULK_OPERATION, EVENT, MEASUREMENT, OPERATION, *'
    const unknown = await send('POST', rules, { dataType: 'DOOR', maximumAge: 1 })
    expect(unknown).toMatchObject(invalid(`dataType: must be one of ${kinds}`))
    const typed = await send('POST', rules, { type: 7, maximumAge: 1 })
    expect(typed).toMatchObject(invalid('type: must be a string'))
    const long = await send('POST', rules, { source: 'x'.repeat(1025), maximumAge: 1 })
    expect(long).toMatchObject(invalid('source: has at most 1024 characters'))
    const flag = await send('PUT', `${rules}/${rule}`, { editable: 'no' })
    expect(flag).toMatchObject(invalid('editable: must be true or false'))
  })

  it('beyond so many of a tenant', async () => {
    for (let more = 0; more < 198; more += 1) await send('POST', rules, { maximumAge: 1 })
    const message = 'a tenant has at most 200 retention rules'
    expect(await send('POST', rules, { maximumAge: 1 })).toMatchObject(invalid(message))
  })

  it('to who has no role for it', async () => {
    for (const as of ['t1/nobody', 't1/reader', 't1/device_1']) {
      expect(await send('GET', rules, undefined, as)).toMatchObject(forbidden)
      expect(await send('GET', `${rules}/${rule}`, undefined, as)).toMatchObject(forbidden)
      expect(await send('POST', rules, { maximumAge: 1 }, as)).toMatchObject(forbidden)
      expect(await send('PUT', `${rules}/${rule}`, { maximumAge: 1 }, as)).toMatchObject(forbidden)
      expect(await send('DELETE', `${rules}/${rule}`, undefined, as)).toMatchObject(forbidden)
    }
    const { id } = server.t1
    const readOnly = await server.house.addUser(id, 'keeper', ['ROLE_RETENTION_RULE_READ'])
    const as = readOnly['authorization'] ?? ''
    expect((await send('GET', rules, undefined, as)).status).toBe(200)
    expect(await send('DELETE', `${rules}/${rule}`, undefined, as)).toMatchObject(forbidden)
  })

  it('as one that only operators change, unless an operator makes it', async () => {
    const message = 'editable: only operators make rules that cannot be changed'
    const sent = { maximumAge: 1, editable: false }
    expect(await send('POST', rules, sent)).toMatchObject(invalid(message))
    const { accounts } = server.house.registry
    const [first] = await accounts
      .listRetentionRules(server.t1.id)
      .then((list) => (list.ok ? list.value : []))
    if (first === undefined) throw new Error('every tenant begins with a rule')
    await accounts.changeRetentionRule(server.t1.id, first.id, { editable: false })
    const path = `${rules}/${first.id}`
    expect(await send('PUT', path, { maximumAge: 1 })).toMatchObject(forbidden)
    expect(await send('DELETE', path)).toMatchObject(forbidden)
    expect((await send('GET', path)).body).toMatchObject({ editable: false })
  })

  it('of another tenant like one that does not exist', async () => {
    for (const id of [rule, '7', 'x']) {
      const path = `${rules}/${id}`
      expect(await send('GET', path, undefined, 't2/admin')).toMatchObject(absent)
      expect(await send('PUT', path, { maximumAge: 1 }, 't2/admin')).toMatchObject(absent)
      expect(await send('DELETE', path, undefined, 't2/admin')).toMatchObject(absent)
    }
    expect((await send('GET', `${rules}/${rule}`)).body).toEqual(encoded())
  })
})

describe('changes of retention rules', () => {
  it('are in the audit records of the tenant', async () => {
    await send('PUT', `${rules}/${rule}`, { maximumAge: 8 })
    await send('DELETE', `${rules}/${rule}`)
    const { accounts } = server.house.registry
    const listed = await accounts.listAuditRecords(server.t1.id, { source: rule }, 0, 10)
    expect(listed).toMatchObject({
      ok: true,
      value: {
        records: [
          { type: 'RetentionRule', activity: 'Retention rule deleted', user: 'admin' },
          { activity: 'Retention rule changed', text: `Retention rule changed: ${rule}` },
          { activity: 'Retention rule created' },
        ],
      },
    })
  })
})
