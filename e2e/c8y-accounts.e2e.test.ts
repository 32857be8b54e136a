import type { Client } from '@c8y/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus } from './api.ts'
import { clientCases, failureOf } from './client-lines.ts'
import { cleanUp, operatorAuthorization, startBelfry } from './harness.ts'
import type { Belfry } from './harness.ts'

afterAll(cleanUp)

const nobody = { displayName: 'Somebody', enabled: true }
const first = 'first password 1'
const second = 'second password 2'

/** Who may do what, with the vendor's own client, two lines of it, against the built command. */
describe.each(clientCases)('$title', ({ line, logIn }) => {
  let belfry: Belfry
  let client: Client

  beforeAll(async () => {
    belfry = await startBelfry()
    client = await logIn(belfry)
  })

  const logInAs = (user: string, password: string): Client =>
    new line.Client(new line.BasicAuth({ tenant: 't1', user, password }), belfry.url)

  /** With the tenant known, as the client finds it out when it logs in by itself. */
  const makeUser = async (userName: string, members: object = {}) => {
    const { data } = await client.user.create({
      ...nobody,
      userName,
      password: first,
      ...members,
    })
    return data
  }

  /** A user with the role that changing oneself needs, given by a group. */
  const mayChangeOneself = async (userName: string): Promise<void> => {
    const { data: group } = await client.userGroup.create({ name: `with ${userName}` })
    const { data: role } = await client.userRole.detail('ROLE_USER_MANAGEMENT_OWN_ADMIN')
    await client.userGroup.addRoleToGroup(group, role)
    await client.userGroup.addUserToGroup(group, await makeUser(userName))
  }

  describe('users', () => {
    it('are created, read, updated, listed and removed', async () => {
      const created = await client.user.create({
        ...nobody,
        userName: 'anna',
        password: first,
        email: 'anna@example.org',
        customProperties: { language: 'de' },
      })
      expect(created.res.status).toBe(201)
      expect(created.data).toMatchObject({ id: 'anna', email: 'anna@example.org', enabled: true })
      expect(created.data).not.toHaveProperty('password')
      const read = await client.user.detail('anna')
      expect(read.data).toEqual(created.data)
      const updated = await client.user.update({ id: 'anna', firstName: 'Anna' })
      expect(updated.res.status).toBe(200)
      expect(updated.data).toMatchObject({ firstName: 'Anna', email: 'anna@example.org' })
      const listed = await client.user.list({ pageSize: 100, withTotalPages: true })
      expect(listed.data.map(({ userName }) => userName)).toContain('anna')
      expect(listed.paging).toMatchObject({ currentPage: 1, totalPages: 1 })
      const again = client.user.create({ ...nobody, userName: 'anna', password: first })
      expect(await failureOf(again)).toMatchObject({ res: { status: 409 } })
      expect((await client.user.delete('anna')).res.status).toBe(204)
      expect(await failureOf(client.user.detail('anna'))).toMatchObject({ res: { status: 404 } })
    })

    it('change their own record and password, which counts at once', async () => {
      await mayChangeOneself('bea')
      const bea = logInAs('bea', first)
      expect((await bea.user.updateCurrent({ lastName: 'Beck' })).data).toMatchObject({
        lastName: 'Beck',
      })
      await bea.user.changeCurrentUserPassword(second, first)
      expect(await failureOf(bea.user.current())).toMatchObject({ res: { status: 401 } })
      expect((await logInAs('bea', second).user.current()).data).toMatchObject({
        userName: 'bea',
      })
      const unproved = logInAs('bea', second).user.changeCurrentUserPassword(first, 'not mine')
      expect((await failureOf(unproved))?.res.status).toBe(422)
      expect((await logInAs('bea', second).user.current()).res.status).toBe(200)
    })

    it('without a role are refused what needs one', async () => {
      await makeUser('cleo')
      const cleo = logInAs('cleo', first)
      expect((await cleo.tenant.current()).data).toMatchObject({ name: 't1' })
      expect(await failureOf(cleo.inventory.create({ name: 'Door' }))).toMatchObject({
        res: { status: 403 },
        data: { error: 'security/Forbidden' },
      })
    })
  })

  describe('roles', () => {
    it('are listed and read', async () => {
      const listed = await client.userRole.list({ pageSize: 1000 })
      expect(listed.data.map(({ id }) => id)).toContain('ROLE_EVENT_READ')
      const { data } = await client.userRole.detail('ROLE_EVENT_READ')
      expect(data).toMatchObject({ id: 'ROLE_EVENT_READ', name: 'ROLE_EVENT_READ' })
    })
  })

  describe('groups', () => {
    it('are created, read, updated, listed and removed', async () => {
      const created = await client.userGroup.create({ name: 'porters', description: 'Doors' })
      expect(created.res.status).toBe(201)
      const id = Number(created.data.id)
      expect(created.data).toMatchObject({ id, name: 'porters', description: 'Doors' })
      expect((await client.userGroup.detail(id)).data).toEqual(created.data)
      const updated = await client.userGroup.update({ id, name: 'guards' })
      expect(updated.data).toMatchObject({ id, name: 'guards' })
      const listed = await client.userGroup.list({ pageSize: 100 })
      expect(listed.data.map(({ name }) => name)).toContain('guards')
      const again = client.userGroup.create({ name: 'guards' })
      expect(await failureOf(again)).toMatchObject({ res: { status: 409 } })
      expect((await client.userGroup.delete(id)).res.status).toBe(204)
      expect(await failureOf(client.userGroup.detail(id))).toMatchObject({ res: { status: 404 } })
    })

    it('give their members their roles, and take them back', async () => {
      const user = await makeUser('dora')
      const dora = logInAs('dora', first)
      const { data: group } = await client.userGroup.create({ name: 'readers' })
      const { data: role } = await client.userRole.detail('ROLE_INVENTORY_READ')
      expect((await client.userGroup.addRoleToGroup(group, role)).res.status).toBe(201)
      expect((await client.userGroup.addUserToGroup(group, user)).res.status).toBe(201)
      expect((await dora.inventory.list()).res.status).toBe(200)
      const { data: known } = await dora.user.current()
      expect(dora.user.hasRole(known, 'ROLE_INVENTORY_READ')).toBe(true)
      expect(dora.user.hasAnyGlobalRole(known, [Number(group.id)])).toBe(true)
      expect((await client.userGroup.removeUserFromGroup(group, 'dora')).res.status).toBe(204)
      expect(dora.user.hasRole((await dora.user.current()).data, 'ROLE_INVENTORY_READ')).toBe(false)
      const gone = await client.userGroup.removeRoleFromGroup(group, 'ROLE_INVENTORY_READ')
      expect(gone.res.status).toBe(204)
    })
  })

  describe('inventory roles', () => {
    it('are created, read, updated, listed and removed', async () => {
      const created = await client.inventoryRole.create({
        name: 'Door keeper',
        description: 'Reads events',
        permissions: [{ type: '*', permission: 'READ', scope: 'EVENT' }],
      })
      expect(created.res.status).toBe(201)
      const id = Number(created.data.id)
      expect(created.data).toMatchObject({ name: 'Door keeper' })
      expect((await client.inventoryRole.detail(id)).data).toEqual(created.data)
      const changed = { ...created.data, description: 'Reads all events' }
      expect((await client.inventoryRole.update(changed)).data).toMatchObject({
        description: 'Reads all events',
      })
      const listed = await client.inventoryRole.list({ pageSize: 100 })
      expect(listed.data.map(({ name }): unknown => name)).toEqual(
        expect.arrayContaining(['Reader', 'Manager', 'Door keeper']),
      )
      expect((await client.inventoryRole.delete(id)).res.status).toBe(204)
    })

    it('open a group of devices to a user, and close it again', async () => {
      const user = await makeUser('emma')
      const emma = logInAs('emma', first)
      const { data: group } = await client.inventory.create({
        name: 'Hall',
        type: 'c8y_DeviceGroup',
        c8y_IsDeviceGroup: {},
      })
      const { data: lamp } = await client.inventory.childAssetsCreate({ name: 'Lamp' }, group.id)
      const inside = String(lamp.id)
      expect((await emma.inventory.list()).data).toEqual([])
      const { data: roles } = await client.inventoryRole.list({ pageSize: 100 })
      const reader = roles
        .filter(({ name }) => name === 'Reader')
        .map(({ id }) => ({ id: id ?? 0 }))
      const assignments = client.user.inventoryAssignment(user)
      const assigned = await assignments.create({ managedObject: group.id, roles: reader })
      expect(assigned.res.status).toBe(200)
      expect((await assignments.list()).data).toHaveLength(1)
      expect((await emma.inventory.list()).data.map(({ name }): unknown => name)).toEqual([
        'Hall',
        'Lamp',
      ])
      expect((await emma.inventory.detail(inside)).data).toMatchObject({ name: 'Lamp' })
      const id = Number(assigned.data.id)
      expect((await assignments.update({ id, roles: [] })).data).toMatchObject({ id, roles: [] })
      expect(await failureOf(emma.inventory.detail(inside))).toMatchObject({ res: { status: 403 } })
      expect((await assignments.update({ id, roles: reader })).res.status).toBe(200)
      expect((await emma.inventory.detail(inside)).data).toMatchObject({ name: 'Lamp' })
      expect((await assignments.delete(id)).res.status).toBe(204)
      const closed = await failureOf(emma.inventory.detail(inside))
      expect(closed).toMatchObject({ res: { status: 403 } })
    })
  })

  describe('devices', () => {
    it('are expected, ask, are accepted, and get a user of their own', async () => {
      const bootstrap = { user: 'devicebootstrap', password: first }
      await makeBootstrapUser(belfry, bootstrap)
      const registration = client.deviceRegistration
      const expected = await registration.create({ id: 'serial-1' })
      expect(expected).toMatchObject({
        res: { status: 201 },
        data: { id: 'serial-1', status: 'WAITING_FOR_CONNECTION' },
      })
      const basicAuth = { user: `management/${bootstrap.user}`, pass: bootstrap.password }
      const asked = registration.bootstrap('serial-1', { basicAuth })
      expect(await failureOf(asked)).toMatchObject({ res: { status: 404 } })
      expect((await registration.detail('serial-1')).data.status).toBe('PENDING_ACCEPTANCE')
      expect((await registration.list()).data.map(({ id }) => id)).toEqual(['serial-1'])
      const accepted = await registration.accept('serial-1')
      expect(accepted).toMatchObject({ res: { status: 200 }, data: { status: 'ACCEPTED' } })

      const basicAuthToken = Buffer.from(`${basicAuth.user}:${basicAuth.pass}`).toString('base64')
      const device = await line.Client.deviceBootstrap({
        basicAuthToken,
        baseUrl: belfry.url,
        deviceId: 'serial-1',
        timeout: 30_000,
      })
      const { data: object } = await device.inventory.create({ name: 'Door', c8y_IsDevice: {} })
      expect(object).toMatchObject({ owner: 'device_serial-1' })
      const { data: user } = await client.user.detail('device_serial-1')
      expect(client.user.isDeviceUser(user)).toBeTruthy()
    })

    it('are expected by a file, and the lines that fail are told', async () => {
      const file = Buffer.from('ID,TYPE\nserial-3,c8y_Door\nserial 4,c8y_Door\n')
      const { res, data } = await client.deviceRegistrationBulk.create(file)
      expect(res.status).toBe(201)
      expect(data).toMatchObject({
        numberOfAll: 2,
        numberOfCreated: 1,
        numberOfFailed: 1,
        failedCreationList: [{ deviceId: 'serial 4', line: '3' }],
      })
      const registration = client.deviceRegistration
      expect((await registration.detail('serial-3')).data.status).toBe('WAITING_FOR_CONNECTION')
      expect((await registration.delete('serial-3')).res.status).toBe(204)
    })

    it('are registered by a file with their passwords, and log in', async () => {
      const head = 'ID,CREDENTIALS,TENANT,TYPE,NAME,ICCID,IDTYPE,PATH,SHELL'
      const row = 'serial-5,open-sesame-5,t1,c8y_Door,Door 5,8949,,Yard/North,1'
      const { data } = await client.deviceRegistrationBulk.create(Buffer.from(`${head}\n${row}`))
      expect(data).toMatchObject({ numberOfAll: 1, numberOfFailed: 0, numberOfSuccessful: 1 })
      const device = logInAs('device_serial-5', 'open-sesame-5')
      const serial = { type: 'c8y_Serial', externalId: 'serial-5' }
      const { managedObject } = (await client.identity.detail(serial)).data
      const door = await device.inventory.detail(String(managedObject?.id))
      expect(door.data).toMatchObject({ name: 'Door 5', owner: 'device_serial-5' })
    })

    it('that are not wanted are taken off the list', async () => {
      const registration = client.deviceRegistration
      await registration.create({ id: 'serial-2' })
      expect((await registration.delete('serial-2')).res.status).toBe(204)
      const gone = await failureOf(registration.detail('serial-2'))
      expect(gone).toMatchObject({ res: { status: 404 } })
    })
  })
})

/** The operator's one-time work: a user that devices ask with before they have one of their own. */
const makeBootstrapUser = async (
  belfry: Belfry,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<void> => {
  const authorization = operatorAuthorization
  const users = '/user/management/users'
  await expectStatus(belfry, 201, 'POST', users, {
    authorization,
    json: { userName: user, password },
  })
  const role = { role: { self: `${belfry.url}/user/roles/ROLE_DEVICE_BOOTSTRAP` } }
  await expectStatus(belfry, 201, 'POST', `${users}/${user}/roles`, { authorization, json: role })
}
