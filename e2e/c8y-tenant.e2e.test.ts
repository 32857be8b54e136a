import type { Client } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientCases, credentials, failureOf } from './client-lines.ts'
import { cleanUp, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

afterAll(cleanUp)

/**
 * Tenants, their options, applications and audit records with the vendor's own client, two lines of it, against the
 * built command.
 */
describe.each(clientCases)('$title', ({ line, logIn }) => {
  let belfry: Belfry
  let client: Client

  beforeAll(async () => {
    belfry = await startBelfry()
    client = await logIn(belfry)
  })

  describe('options of a tenant', () => {
    it('are created, read, updated, listed and removed', async () => {
      const { tenant } = client.options
      const option = { category: 'door', key: 'lock.after', value: '30' }
      const created = await tenant.create(option)
      expect(created.res.status).toBe(200)
      expect(created.data).toMatchObject(option)
      expect((await tenant.detail(option)).data).toMatchObject(option)
      const updated = await tenant.update({ ...option, value: '60' })
      expect(updated.data).toMatchObject({ value: '60' })
      const { data: listed } = await tenant.list({ pageSize: 100 })
      expect(listed).toContainEqual(expect.objectContaining({ ...option, value: '60' }))
      // The client's types know entities by an id; an option goes by its category and key.
      const removal = { ...option, id: '' }
      expect((await tenant.delete(removal)).res.status).toBe(204)
      expect(await failureOf(tenant.detail(option))).toMatchObject({ res: { status: 404 } })
    })
  })

  describe('options of the system', () => {
    it('are listed and read', async () => {
      const { system } = client.options
      const version = { category: 'system', key: 'version' }
      const { data } = await system.detail(version)
      expect(data).toMatchObject(version)
      expect(data.value).toMatch(/\d/)
      expect((await system.list()).data).toContainEqual(data)
      const unknown = system.detail({ category: 'system', key: 'nothing' })
      expect(await failureOf(unknown)).toMatchObject({ res: { status: 404 } })
    })
  })

  describe('applications', () => {
    it('are created, read, updated, listed and removed', async () => {
      const { application } = client
      const members = { name: 'panel', key: 'panel-key', type: line.ApplicationType.EXTERNAL }
      const created = await application.create({ ...members, externalUrl: 'https://x.example.org' })
      expect(created.res.status).toBe(201)
      const id = String(created.data.id)
      expect((await application.detail(id)).data).toMatchObject({ id, ...members })
      const updated = await application.update({ id, name: 'wall' })
      expect(updated.data).toMatchObject({ name: 'wall' })
      const idsOf = (list: readonly { readonly id?: number | string }[]) =>
        list.map((each) => String(each.id))
      expect(idsOf((await application.list({ pageSize: 100 })).data)).toContain(id)
      expect(idsOf((await application.listByName('wall')).data)).toEqual([id])
      expect(idsOf((await application.listByOwner('t1')).data)).toContain(id)
      expect(idsOf((await application.listByTenant('t1')).data)).toContain(id)
      const { data: user } = await client.user.current()
      expect((await application.listByUser(user)).res.status).toBe(200)
      expect((await application.delete(id)).res.status).toBe(204)
      expect(await failureOf(application.detail(id))).toMatchObject({ res: { status: 404 } })
    })
  })

  describe('audit records', () => {
    it('are created, read and listed', async () => {
      const { data: object } = await client.inventory.create({ name: 'Door' })
      const record = {
        activity: 'Door inspected',
        source: { id: object.id },
        text: 'Nothing was found',
        time: '2026-02-01T10:00:00.000Z',
        type: line.AuditRecordType.INVENTORY,
      }
      const created = await client.audit.create(record)
      expect(created.res.status).toBe(201)
      expect(created.data).toMatchObject({ activity: record.activity, text: record.text })
      const id = String(created.data.id)
      expect((await client.audit.detail(id)).data).toMatchObject({ id, text: record.text })
      const { data: listed } = await client.audit.list({ source: object.id })
      expect(listed.map((each) => each.activity)).toContain(record.activity)
    })
  })

  describe('tenants', () => {
    it('are created, read, updated, listed and removed by an operator', async () => {
      const operator = await line.Client.authenticate(
        { ...credentials, tenant: 'management' },
        belfry.url,
      )
      const created = await operator.tenant.create({
        id: 'acme',
        company: 'Acme',
        domain: 'acme.example.org',
        adminName: 'keeper',
        adminPass: 'open-sesame-2',
        adminEmail: 'keeper@example.org',
      })
      expect(created.res.status).toBe(201)
      expect(created.data).toMatchObject({ id: 'acme', company: 'Acme', status: 'ACTIVE' })
      const keeper = { tenant: 'acme', user: 'keeper', password: 'open-sesame-2' }
      const acme = await line.Client.authenticate(keeper, belfry.url)
      expect((await acme.tenant.current()).data).toMatchObject({ name: 'acme' })
      expect((await operator.tenant.detail('acme')).data).toMatchObject({ company: 'Acme' })
      const updated = await operator.tenant.update({ id: 'acme', company: 'Acme doors' })
      expect(updated.data).toMatchObject({ company: 'Acme doors' })
      const { data: listed } = await operator.tenant.list({ pageSize: 100 })
      expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(['acme', 't1']))
      expect(await failureOf(client.tenant.list())).toMatchObject({ res: { status: 403 } })
      expect((await operator.tenant.delete('acme')).res.status).toBe(204)
      expect(await failureOf(acme.tenant.current())).toMatchObject({ res: { status: 401 } })
    })
  })
})
