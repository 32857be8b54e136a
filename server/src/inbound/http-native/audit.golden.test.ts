import { expect, it } from 'vitest'
import { call, createServer, t1 } from './native-server.fixture.ts'

/** docs/protocols/cumulocity.md, 6.7 */
it('keys and apps are recorded in their tenant without their secrets, also those of operators', async () => {
  const { server, accounts } = createServer()
  await call(server, 'operator', 'POST /belfry/v1/tenants', { id: t1 })
  const make = async (user: string, what: string) => {
    const made = await call(server, user, `POST /belfry/v1/tenants/t1/${what}`, { name: 'new' })
    expect(made.status).toBe(201)
    const members = new Map<string, unknown>(Object.entries(made.answer ?? {}))
    return (name: string) => String(members.get(name))
  }
  const key = await make('admin', 'keys')
  const app = await make('admin', 'apps')
  const foreign = await make('operator', 'keys')
  await call(server, 'admin', `DELETE /belfry/v1/tenants/t1/keys/${key('prefix')}`)
  await call(server, 'admin', `DELETE /belfry/v1/tenants/t1/apps/${app('id')}`)
  const listed = await accounts.listAuditRecords(t1, {}, 0, 100)
  const records = listed.ok ? listed.value.records : []
  expect(records.map(({ type, text, user }) => [type, text, user]).reverse()).toEqual([
    ['ApiKey', `API key created: ${key('prefix')}`, 'admin'],
    ['Application', `Application created: ${app('id')}`, 'admin'],
    ['ApiKey', `API key created: ${foreign('prefix')} (by management/operator)`, undefined],
    ['ApiKey', `API key revoked: ${key('prefix')}`, 'admin'],
    ['Application', `Application deleted: ${app('id')}`, 'admin'],
  ])
  const text = JSON.stringify(records)
  for (const each of [key('key'), foreign('key'), app('key')]) expect(text).not.toContain(each)
})
