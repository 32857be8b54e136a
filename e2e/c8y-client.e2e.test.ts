import type { Client, IEvent } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientCases, credentials, failureOf } from './client-lines.ts'
import { cleanUp, startBelfry } from './harness.ts'

afterAll(cleanUp)

/** The vendor's own client as it comes from npm, two lines of it, against the built command. */
describe.each(clientCases)('$title', ({ line, isNewest, logIn }) => {
  let client: Client
  let source: string

  beforeAll(async () => {
    client = await logIn(await startBelfry())
    const { data } = await client.inventory.create({ name: 'Door', type: 'lock', c8y_IsDevice: {} })
    source = data.id
  })

  const draft = (members: Readonly<Record<string, unknown>> = {}): IEvent => ({
    source: { id: source, name: '', self: '' },
    type: 'demo_DoorEvent',
    text: 'Door opened',
    time: '2026-02-01T10:00:00.000+01:00',
    ...members,
  })

  const create = async (members: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    String((await client.event.create(draft(members))).data.id)

  const textsOf = async (filter: object): Promise<string> =>
    (await client.event.list(filter)).data.map(({ text }) => text).join('')

  describe('logging in', () => {
    it('finds the tenant and the user with its roles', async () => {
      const { user, password } = credentials
      const known = await line.Client.authenticate({ user, password }, client.core.baseUrl)
      expect(known.core.tenant).toBe('t1')
      const { data } = await client.user.current()
      expect(data).toMatchObject({ id: 'admin', userName: 'admin' })
      expect(client.user.hasRole(data, 'ROLE_EVENT_ADMIN')).toBe(true)
      expect(client.user.hasRole(data, 'ROLE_NONE')).toBe(false)
      const effective = await client.user.currentWithEffectiveRoles()
      expect(client.user.hasRole(effective.data, 'ROLE_EVENT_READ')).toBe(true)
      expect((await client.tenant.current()).data).toMatchObject({ name: 't1' })
    })

    it('with a wrong password is refused with a message, and no Basic challenge', async () => {
      const stranger = new line.Client(
        new line.BasicAuth({ ...credentials, password: 'wrong' }),
        client.core.baseUrl,
      )
      const { headers } = await stranger.core.fetch('/event/events')
      expect(headers.get('www-authenticate')).toBe('XBasic realm="Cumulocity"')
      const refused = await failureOf(stranger.event.list())
      expect(refused).toMatchObject({
        res: { status: 401 },
        data: {
          error: 'security/Unauthorized',
          message: 'Invalid credentials! : Bad credentials',
        },
      })
    })
  })

  describe('events', () => {
    it('are created, read, updated and removed', async () => {
      const created = await client.event.create(draft({ demo_Door: { state: 'open' } }))
      expect(created.res.status).toBe(201)
      const { id } = created.data
      expect(created.data).toMatchObject({
        time: '2026-02-01T10:00:00.000+01:00',
        demo_Door: { state: 'open' },
        source: { id: source, name: 'Door' },
      })
      const read = await client.event.detail(String(id))
      expect(read.data).toEqual(created.data)
      const whole = { ...read.data, text: 'Door forced', demo_Door: null }
      const updated = await client.event.update(whole)
      expect(updated.res.status).toBe(200)
      expect(updated.data).toMatchObject({ id, text: 'Door forced', time: created.data.time })
      expect(updated.data).not.toHaveProperty('demo_Door')
      const removed = await client.event.delete(String(id))
      expect(removed.res.status).toBe(204)
      const gone = await failureOf(client.event.detail(String(id)))
      expect(gone).toMatchObject({ res: { status: 404 }, data: { error: 'event/Not Found' } })
    })

    it('are listed with every filter', async () => {
      const type = 'demo_Filters'
      const before = new Date(Date.now() - 60_000).toISOString()
      const after = new Date(Date.now() + 60_000).toISOString()
      for (const [text, hour] of [
        ['a', '08'],
        ['b', '09'],
        ['c', '10'],
      ] as const) {
        await create({ text, type, time: `2026-03-01T${hour}:00:00+01:00`, [`demo_${text}`]: text })
      }
      const on = (more: object) => ({ source, type, ...more })
      expect(await textsOf(on({}))).toBe('cba')
      expect(await textsOf(on({ revert: true }))).toBe('abc')
      expect(await textsOf({ type: 'demo_None' })).toBe('')
      expect(await textsOf({ source: '1' })).toBe('')
      expect(await textsOf({ fragmentType: 'demo_b' })).toBe('b')
      expect(await textsOf({ fragmentType: 'demo_b', fragmentValue: 'b' })).toBe('b')
      expect(await textsOf({ fragmentType: 'demo_b', fragmentValue: 'x' })).toBe('')
      expect(await textsOf(on({ dateFrom: '2026-03-01T09:00:00+01:00' }))).toBe('cb')
      expect(await textsOf(on({ dateTo: '2026-03-01T09:00:00+01:00' }))).toBe('a')
      expect(await textsOf(on({ createdFrom: before, createdTo: after }))).toBe('cba')
      expect(await textsOf(on({ createdTo: before }))).toBe('')
      expect(await textsOf(on({ lastUpdatedFrom: before, lastUpdatedTo: after }))).toBe('cba')
      expect(await textsOf(on({ lastUpdatedFrom: after }))).toBe('')
      expect(await textsOf(on({ withSourceChildren: true }))).toBe('cba')
    })

    it('are paged forward and back, with totals', async () => {
      const type = 'demo_Pages'
      for (const text of 'abcde') await create({ text, type, time: `2026-04-01T00:00:00Z` })
      const filter = { type, source, pageSize: 2, withTotalPages: true, withTotalElements: true }
      const first = await client.event.list(filter)
      expect(first.data.map(({ text }) => text)).toEqual(['e', 'd'])
      expect(first.paging).toMatchObject({
        currentPage: 1,
        pageSize: 2,
        totalPages: 3,
        ...(isNewest ? { totalElements: 5 } : {}),
        nextPage: 2,
        prevPage: null,
      })
      const second = await first.paging?.next()
      expect(second?.data.map(({ text }) => text)).toEqual(['c', 'b'])
      const third = await second?.paging?.next()
      expect(third?.data.map(({ text }) => text)).toEqual(['a'])
      expect(third?.paging).toMatchObject({ currentPage: 3, nextPage: null, prevPage: 2 })
      const back = await third?.paging?.prev()
      expect(back?.data.map(({ text }) => text)).toEqual(['c', 'b'])
      const beyond = await client.event.list({ ...filter, currentPage: 9 })
      expect(beyond.data).toEqual([])
    })

    it('are deleted by filter', async () => {
      const type = 'demo_Deleted'
      await create({ type })
      const url = `/event/events?source=${source}&type=${type}`
      const deleted = await client.core.fetch(url, { method: 'DELETE' })
      expect(deleted.status).toBe(204)
      expect(await textsOf({ type })).toBe('')
      const refused = await client.core.fetch(`/event/events?type=${type}`, { method: 'DELETE' })
      expect(refused.status).toBe(422)
    })
  })

  describe('managed objects', () => {
    it('are created, read, updated, listed and removed', async () => {
      const type = 'demo_Gate'
      const created = await client.inventory.create({ name: 'Gate', type, demo: { a: 1 } })
      expect(created.res.status).toBe(201)
      const { id } = created.data
      expect(created.data).toMatchObject({ name: 'Gate', owner: 'admin', demo: { a: 1 } })
      const updated = await client.inventory.update({ id, name: 'New gate', demo: null })
      expect(updated.data).toMatchObject({ id, name: 'New gate' })
      const read = await client.inventory.detail(id)
      expect(read.data).toEqual(updated.data)
      for (const name of ['B', 'C']) await client.inventory.create({ name, type })
      const first = await client.inventory.list({ type, pageSize: 2, withTotalPages: true })
      expect(first.data.map(({ name }): unknown => name)).toEqual(['New gate', 'B'])
      expect(first.paging).toMatchObject({ totalPages: 2, nextPage: 2 })
      const second = await first.paging?.next()
      expect(second?.data.map(({ name }): unknown => name)).toEqual(['C'])
      expect((await second?.paging?.prev())?.data).toEqual(first.data)
      expect((await client.inventory.list({ q: '' })).data.map((each) => each.id)).toContain(source)
      expect((await client.inventory.delete(id)).res.status).toBe(204)
      const gone = await failureOf(client.inventory.detail(id))
      expect(gone).toMatchObject({ res: { status: 404 } })
    })
  })

  describe('external ids', () => {
    it('are bound, found, listed and removed', async () => {
      const identity = {
        type: 'c8y_Serial',
        externalId: 'device:child:1 é',
        managedObject: { id: source },
      }
      const created = await client.identity.create(identity)
      expect(created.res.status).toBe(201)
      const again = await failureOf(client.identity.create(identity))
      expect(again).toMatchObject({ res: { status: 409 } })
      const found = await client.identity.detail(identity)
      expect(found.data).toEqual(created.data)
      expect(found.data).toMatchObject({ managedObject: { id: source } })
      const { data } = await client.identity.list(source)
      expect(data).toEqual([created.data])
      expect((await client.identity.delete(identity)).res.status).toBe(204)
      const gone = await failureOf(client.identity.detail(identity))
      expect(gone).toMatchObject({ res: { status: 404 }, data: { error: 'identity/Not Found' } })
    })
  })
})
