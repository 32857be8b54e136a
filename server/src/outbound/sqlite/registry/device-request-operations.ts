import { deliveredTo } from '../../../core/delivered-to.ts'
import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeDeviceRequestRow } from './decode-account-row.ts'
import { createSessionsEnd } from './session-operations.ts'
import { createTenantCheck } from './tenant-check.ts'
import { createUserInsert, createUserReads, createUserUpdate } from './user-operations.ts'
import type { Database } from 'better-sqlite3'
import type { NewUser, User } from '../../../core/account.ts'
import type {
  DeviceRequest,
  DeviceRequestChange,
  NewDeviceRequest,
} from '../../../core/device-request.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { DeviceRequestRow } from './decode-account-row.ts'

const columns = 'tenant, id, type, group_id, state, token_hash, creation_ms'

const selectRequest = `select ${columns} from device_request where tenant = ? and id = ?`

/** Of all tenants on purpose: a device that bootstraps does not know its own yet. */
const selectOldest = `
  select ${columns} from device_request where id = ? order by creation_ms, tenant limit 1`

const selectRequests = `select ${columns} from device_request where tenant = ? order by id`

const insertRequest = `
  insert into device_request (${columns})
  values (@tenant, @id, @type, @group_id, @state, @token_hash, @creation_ms)`

const updateRequest = `
  update device_request set state = @state, token_hash = @token_hash
  where tenant = @tenant and id = @id`

const deleteRequest = 'delete from device_request where tenant = ? and id = ?'

export const createDeviceRequestReads = (db: Database) => {
  const one = db.prepare<[string, string], DeviceRequestRow>(selectRequest)
  const oldest = db.prepare<[string], DeviceRequestRow>(selectOldest)
  const all = db.prepare<[string], DeviceRequestRow>(selectRequests)
  const found = (id: string, row: DeviceRequestRow | undefined): Result<DeviceRequest> =>
    row === undefined ? notFound('device-request', id) : success(decodeDeviceRequestRow(row))
  return {
    readDeviceRequest: (tenant: TenantId, id: string) => found(id, one.get(tenant, id)),
    findDeviceRequest: (id: string) => found(id, oldest.get(id)),
    listDeviceRequests: (tenant: TenantId): Result<readonly DeviceRequest[]> =>
      success(all.all(tenant).map(decodeDeviceRequestRow)),
  }
}

export const createDeviceRequestWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const insert = db.prepare<[DeviceRequestRow]>(insertRequest)
  const update = db.prepare<[DeviceRequestRow]>(updateRequest)
  const remove = db.prepare<[string, string]>(deleteRequest)
  const giveUser = createUserDelivery(db)
  const { readDeviceRequest } = createDeviceRequestReads(db)
  return {
    createDeviceRequest: (request: NewDeviceRequest, nowMs: number): Result<DeviceRequest> => {
      const { tenant, id } = request
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      if (readDeviceRequest(tenant, id).ok) return conflict('device-request', id)
      const state = 'WAITING_FOR_CONNECTION' as const
      const created = { ...request, state, tokenHash: undefined, creationMs: nowMs }
      insert.run(encodeRow(created))
      return success(created)
    },
    changeDeviceRequest: (
      tenant: TenantId,
      id: string,
      change: DeviceRequestChange,
    ): Result<DeviceRequest> => {
      const old = readDeviceRequest(tenant, id)
      if (!old.ok) return old
      const changed = { ...old.value, ...change }
      update.run(encodeRow(changed))
      return success(changed)
    },
    deliverDeviceRequest: (
      tenant: TenantId,
      id: string,
      user: NewUser,
      nowMs: number,
    ): Result<User> => {
      const request = readDeviceRequest(tenant, id)
      if (!request.ok || request.value.state !== 'ACCEPTED') return notFound('device-request', id)
      remove.run(tenant, id)
      return success(giveUser({ ...user, tenant }, nowMs))
    },
    deleteDeviceRequest: (tenant: TenantId, id: string): Result<void> =>
      remove.run(tenant, id).changes === 1 ? success(undefined) : notFound('device-request', id),
  }
}

/** Creates the device's user, or gives it a new password and ends what went on with the old one. */
const createUserDelivery = (db: Database): ((user: NewUser, nowMs: number) => User) => {
  const { readUser } = createUserReads(db)
  const insert = createUserInsert(db)
  const update = createUserUpdate(db)
  const endSessions = createSessionsEnd(db)
  return (user, nowMs) => {
    const old = readUser(user.tenant, user.name)
    if (!old.ok) return insert(user, nowMs)
    const delivered = deliveredTo(old.value, user, nowMs)
    update(delivered)
    endSessions(user.tenant, user.name)
    return delivered
  }
}

const encodeRow = (request: DeviceRequest): DeviceRequestRow => ({
  tenant: request.tenant,
  id: request.id,
  type: request.type ?? null,
  group_id: request.groupId ?? null,
  state: request.state,
  token_hash: request.tokenHash ?? null,
  creation_ms: request.creationMs,
})
