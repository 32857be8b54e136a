import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textOf } from './api.ts'
import { cleanUp, startBelfry, waitFor } from './harness.ts'
import type { Belfry } from './harness.ts'
import { clientOf, runCommand } from './run-command.ts'

let belfry: Belfry

beforeAll(async () => {
  belfry = await startBelfry()
})
afterAll(cleanUp)

/** Runs a command that must succeed, and answers its JSON document. */
const json = async (user: string, args: readonly string[], input = ''): Promise<unknown> => {
  const ended = await runCommand([...args, '--json'], { ...clientOf(belfry, user), input })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ended.stdout)
}

const text = (user: string, args: readonly string[]) => runCommand(args, clientOf(belfry, user))

const admin = 't1/admin'
const operator = 'management/admin'

describe('belfry, against a live server', () => {
  it('creates, lists, suspends, resumes and deletes a tenant', async () => {
    const created = await json(operator, ['tenant', 'create', 'plant-7', '--name', 'Plant 7'])
    expect(created).toMatchObject({ id: 'plant-7', name: 'Plant 7', state: 'active' })
    const environment = {
      BELFRY_URL: belfry.url,
      BELFRY_USER: 'plant-7/admin',
      BELFRY_PASSWORD: textOf(created, 'administrator', 'password'),
    }
    const asNew = () => runCommand(['events', 'count'], { environment })
    expect(await asNew()).toEqual({ code: 0, stdout: '0\n', stderr: '' })
    await json(operator, ['tenant', 'suspend', 'plant-7'])
    expect((await asNew()).code).toBe(1)
    expect(await json(operator, ['tenant', 'resume', 'plant-7'])).toMatchObject({ state: 'active' })
    expect((await asNew()).code).toBe(0)
    const listed = await text(operator, ['tenant', 'list'])
    expect(listed.stdout).toMatch(/^plant-7 +active +Plant 7$/m)
    await json(operator, ['tenant', 'delete', 'plant-7', '--yes'])
    const left = await json(operator, ['tenant', 'list'])
    expect(left).toMatchObject([{ id: 'management' }, { id: 't1' }])
  })

  it('creates, lists and deletes a user, who can do what its roles say', async () => {
    const role = ['--role', 'ROLE_EVENT_READ']
    await json(admin, ['user', 'create', 't1/reader', '--password-stdin', ...role], 'pw-reader\n')
    const environment = {
      BELFRY_URL: belfry.url,
      BELFRY_USER: 't1/reader',
      BELFRY_PASSWORD: 'pw-reader',
    }
    expect((await runCommand(['events', 'count'], { environment })).code).toBe(0)
    expect((await runCommand(['app', 'list'], { environment })).code).toBe(1)
    expect(await json(admin, ['user', 'list'])).toContainEqual({
      userName: 'reader',
      enabled: true,
      roles: ['ROLE_EVENT_READ'],
    })
    await json(admin, ['user', 'delete', 't1/reader'])
    expect((await runCommand(['events', 'count'], { environment })).code).toBe(1)
  })

  it('creates devices, apps and keys that work, lists and revokes them', async () => {
    const named = ['device', 'create', '--tenant', 't1', '--name', 'door-12']
    const device = await json(admin, [...named, '--external-id', 'SN12'])
    const id = textOf(device, 'id')
    expect((await text(admin, ['device', 'list', '--tenant', 't1'])).stdout).toContain('door-12')
    const app = await json(admin, ['app', 'create', '--tenant', 't1', '--name', 'kiosk'])
    expect(await json(admin, ['app', 'list'])).toContainEqual(app)
    const limits = ['--device', id, '--expires', '90d', '--name', 'doors']
    const key = await json(admin, ['key', 'create', '--tenant', 't1', ...limits])
    const report = () => reportEvent(textOf(key, 'key'), id, textOf(app, 'id'))
    expect(await report()).toBe(201)
    expect(await report()).toBe(409)
    const prefix = textOf(key, 'prefix')
    expect((await text(admin, ['key', 'list'])).stdout).toContain(prefix)
    await json(admin, ['key', 'revoke', prefix])
    expect(await report()).toBe(401)
    const everywhere = await json(operator, ['key', 'create', '--all-tenants'])
    expect(everywhere).toMatchObject({ allTenants: true, tenant: 'management' })
  })

  it('sends, lists, counts, follows and deletes events', async () => {
    const id = textOf(await json(admin, ['device', 'create', '--name', 'door-13']), 'id')
    const send = (type: string) =>
      json(admin, ['events', 'send', '--device', id, '--type', type, '--data', '{"n":1}'])
    const first = await send('opened')
    expect(first).toMatchObject({ type: 'opened', text: 'opened', n: 1, source: { id } })
    await send('closed')
    const of = ['--device', id]
    expect(await json(admin, ['events', 'count', ...of])).toEqual({ count: 2 })
    expect(await json(admin, ['events', 'list', ...of, '--type', 'opened'])).toEqual([first])
    const tailing = runCommand(['events', 'tail', ...of, '--limit', '1'], clientOf(belfry, admin))
    const tail = { ended: false }
    void tailing.then(() => (tail.ended = true))
    await waitFor('the tail to see an event', async () => {
      await send('tailed')
      return tail.ended
    })
    expect((await tailing).stdout).toMatch(/ {2}door-13 {2}tailed {2}tailed {2}\(\d+\)\n$/)
    await json(admin, ['events', 'delete', textOf(first, 'id'), '--yes'])
    expect(await json(admin, ['events', 'list', ...of, '--type', 'opened'])).toEqual([])
    await json(admin, ['events', 'delete', ...of, '--yes'])
    expect(await json(admin, ['events', 'count', ...of])).toEqual({ count: 0 })
  })

  it('says on one line what the server refused', async () => {
    const ended = await text(admin, ['tenant', 'list'])
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'belfry: a role is missing (HTTP 403)\n',
    })
  })
})

const reportEvent = async (key: string, device: string, appId: string): Promise<number> => {
  const path = `/rest/v1/api/tenants/t1/devices/${device}/events`
  const response = await fetch(belfry.url + path, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({
      typeId: 'opened',
      description: '',
      appId,
      severity: 1,
      data: {},
      timestamp: 1_767_225_600_000,
    }),
  })
  return response.status
}
