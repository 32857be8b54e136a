import { describe, expect, it } from 'vitest'
import { call, createServer } from './native-server.fixture.ts'

/** docs/operations.md */
const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
const aText: unknown = expect.stringMatching(/^.+$/)

describe('retention below /belfry/v1', () => {
  const retention = '/belfry/v1/tenants/t2/retention'
  const anEmptyRun = { removedEvents: 0, removedAuditRecords: 0, started: aTime }

  it('is shown with what it would remove, run, and shown with its last run', async () => {
    const { server } = createServer()
    await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 't2' })
    const any = { dataType: '*', fragmentType: '*', type: '*', source: '*', maximumAge: 60 }
    const nothing = { events: 0, auditRecords: 0 }
    const rules = [{ id: aText, ...any, ...nothing }]
    const before = await call(server, 'operator', `GET ${retention}`)
    expect(before.answer).toEqual({ rules, total: nothing })
    const run = await call(server, 'operator', `POST ${retention}/run`)
    expect(run).toMatchObject({ status: 200, answer: { ...anEmptyRun, complete: true } })
    const after = await call(server, 'operator', `GET ${retention}`)
    expect(after.answer).toEqual({ rules, total: nothing, lastRun: anEmptyRun })
    const gone = await call(server, 'operator', 'GET /belfry/v1/tenants/t9/retention')
    expect(gone).toMatchObject({ status: 404, answer: { detail: 'there is no tenant t9' } })
  })

  it('previews a rule that is not set, and says all that is wrong with it', async () => {
    const { server } = createServer()
    await call(server, 'operator', 'POST /belfry/v1/tenants', { id: 't2' })
    const ask = (body: unknown) => call(server, 'operator', `POST ${retention}/preview`, body)
    const draft = { dataType: 'EVENT', type: 'door', source: '*', maximumAge: 7 }
    const counted = { status: 200, answer: { events: 0, auditRecords: 0 } }
    expect(await ask(draft)).toMatchObject(counted)
    expect((await ask({ dataType: 'DOOR', type: 7, colour: 1 })).answer).toMatchObject({
      status: 422,
      issues: [
        { path: 'colour' },
        { path: 'dataType' },
        { path: 'maximumAge', problem: 'missing' },
        { path: 'type' },
      ],
    })
    const days = 'maximumAge: must be a whole number of days from 1 to 3650'
    expect((await ask({ maximumAge: 0 })).answer).toMatchObject({ detail: days })
    const refused = await call(server, 'reader', `POST ${retention}/preview`, draft)
    expect(refused.status).toBe(403)
  })
})
