import { expect, it } from 'vitest'
import { toGroupId, toUserName } from '../core/identity.ts'
import { t1, t2, t3, userOf } from './accounts-under-test.contract.ts'
import { missing, taken, valueOf } from './registry-samples.contract.ts'
import type { NewDeviceRequest } from '../core/device-request.ts'
import type { AccountsUnderTest } from './accounts-under-test.contract.ts'

const requestOf = (id: string, over: Partial<NewDeviceRequest> = {}): NewDeviceRequest => ({
  tenant: t1,
  id,
  type: 'c8y_Door',
  groupId: undefined,
  ...over,
})

const gone = (id: string) => missing('device-request', id)
const user = toUserName('device_a')

/** What every keeper of device requests promises, negative cases first. */
export const deviceRequestCases = (test: AccountsUnderTest): void => {
  it('answers those of another tenant like ones that do not exist', async () => {
    const { accounts } = test
    valueOf(await accounts.createDeviceRequest(requestOf('a')))
    for (const id of ['a', 'b']) {
      expect(await accounts.readDeviceRequest(t2, id)).toEqual(gone(id))
      expect(await accounts.changeDeviceRequest(t2, id, { state: 'ACCEPTED' })).toEqual(gone(id))
      expect(await accounts.deleteDeviceRequest(t2, id)).toEqual(gone(id))
      expect(await accounts.deliverDeviceRequest(t2, id, userOf(t2, user))).toEqual(gone(id))
    }
    expect(valueOf(await accounts.listDeviceRequests(t2))).toEqual([])
    expect(valueOf(await accounts.listDeviceRequests(t1))).toHaveLength(1)
  })

  it('keeps what a request says, once for each id, by ascending id', async () => {
    const { accounts } = test
    const refused = await accounts.createDeviceRequest(requestOf('b', { tenant: t3 }))
    expect(refused).toEqual(missing('tenant', t3))
    const first = valueOf(await accounts.createDeviceRequest(requestOf('b')))
    const state = 'WAITING_FOR_CONNECTION'
    const begun = { state, tokenHash: undefined, creationMs: test.clock.ms }
    expect(first).toEqual({ ...requestOf('b'), ...begun })
    expect(await accounts.createDeviceRequest(requestOf('b'))).toEqual(taken('device-request', 'b'))
    const bare = requestOf('a', { type: undefined, groupId: '12' })
    const second = valueOf(await accounts.createDeviceRequest(bare))
    expect(valueOf(await accounts.listDeviceRequests(t1))).toEqual([second, first])
    valueOf(await accounts.deleteDeviceRequest(t1, 'a'))
    expect(await accounts.readDeviceRequest(t1, 'a')).toEqual(gone('a'))
  })

  it('changes only where told', async () => {
    const { accounts } = test
    const created = valueOf(await accounts.createDeviceRequest(requestOf('a')))
    const pending = { state: 'PENDING_ACCEPTANCE', tokenHash: 'x' } as const
    const changed = valueOf(await accounts.changeDeviceRequest(t1, 'a', pending))
    expect(changed).toEqual({ ...created, ...pending })
    valueOf(await accounts.changeDeviceRequest(t1, 'a', { state: 'ACCEPTED' }))
    expect(valueOf(await accounts.readDeviceRequest(t1, 'a'))).toMatchObject({ tokenHash: 'x' })
  })

  it('finds the oldest of an id, whatever its tenant', async () => {
    const { accounts } = test
    expect(await accounts.findDeviceRequest('a')).toEqual(gone('a'))
    valueOf(await accounts.createDeviceRequest(requestOf('a', { tenant: t2 })))
    test.clock.ms += 1
    valueOf(await accounts.createDeviceRequest(requestOf('a')))
    expect(valueOf(await accounts.findDeviceRequest('a')).tenant).toBe(t2)
    valueOf(await accounts.deleteTenant(t2))
    expect(valueOf(await accounts.findDeviceRequest('a')).tenant).toBe(t1)
  })

  it('delivers an accepted one once, and no other', async () => {
    const { accounts } = test
    valueOf(await accounts.createDeviceRequest(requestOf('a')))
    const account = userOf(t1, user, { passwordHash: 'first' })
    expect(await accounts.deliverDeviceRequest(t1, 'a', account)).toEqual(gone('a'))
    valueOf(await accounts.changeDeviceRequest(t1, 'a', { state: 'ACCEPTED' }))
    const created = valueOf(await accounts.deliverDeviceRequest(t1, 'a', account))
    expect(created).toMatchObject({ ...account, creationMs: test.clock.ms })
    expect(valueOf(await accounts.readUser(t1, user))).toEqual(created)
    expect(await accounts.deliverDeviceRequest(t1, 'a', account)).toEqual(gone('a'))
    expect(await accounts.readDeviceRequest(t1, 'a')).toEqual(gone('a'))
  })

  it('delivered to a user that exists replaces its password and ends its sessions', async () => {
    const { accounts } = test
    const over = { passwordHash: 'old', enabled: false, groups: [toGroupId(1)] }
    valueOf(await accounts.createUser(userOf(t1, user, over)))
    const session = { tenant: t1, user, hash: 'token', expiresMs: test.clock.ms + 1000 }
    valueOf(await accounts.createSession(session, 'old'))
    valueOf(await accounts.createDeviceRequest(requestOf('a')))
    valueOf(await accounts.changeDeviceRequest(t1, 'a', { state: 'ACCEPTED' }))
    const next = userOf(t1, user, { passwordHash: 'new', roles: [], groups: [toGroupId(2)] })
    const delivered = valueOf(await accounts.deliverDeviceRequest(t1, 'a', next))
    expect(delivered).toMatchObject({ passwordHash: 'new', enabled: true, groups: [1, 2] })
    expect(delivered.roles).toEqual(['ROLE_EVENT_READ'])
    expect((await accounts.findSession('token')).ok).toBe(false)
    expect(valueOf(await accounts.readUser(t1, user))).toEqual(delivered)
  })
}
