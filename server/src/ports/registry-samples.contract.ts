import { afterEach, beforeEach } from 'vitest'
import { toManagedObjectId, toTenantId, toUserName } from '../core/identity.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import type {
  ExternalId,
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
  ManagedObjectFilter,
} from '../core/managed-object.ts'
import type { Viewer } from '../core/viewer.ts'
import type { Accounts } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { Inventory } from './inventory.ts'

export type OpenRegistry = {
  readonly inventory: Inventory
  readonly accounts: Accounts
  readonly close: () => Promise<void>
}

export type MakeRegistry = (clock: Clock) => Promise<OpenRegistry>

export const t1 = toTenantId('t1')
export const t2 = toTenantId('t2')
export const nobody = toTenantId('nobody')
export const admin = toUserName('admin')
export const device = toUserName('device_1')
export const absentId = toManagedObjectId(7)

export const serial = (externalId: string): ExternalId => ({ type: 'c8y_Serial', externalId })

export const draft = (over: Partial<ManagedObjectDraft> = {}): ManagedObjectDraft => ({
  name: undefined,
  type: undefined,
  fragments: [],
  externalIds: [],
  ...over,
})

export const noChange: ManagedObjectChange = {
  name: undefined,
  type: undefined,
  owner: undefined,
  fragments: [],
}

/** Somebody who sees what is its own and what is global, and more when it was given more. */
export const viewer = (user: UserName, given: Partial<Viewer> = {}): Viewer => ({
  user,
  on: [],
  below: [],
  ...given,
})

export const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

export const missing = (what: string, id: string | number) => ({
  ok: false,
  failure: { kind: 'not-found', what, id: String(id) },
})

export const taken = (what: string, id: string) => ({
  ok: false,
  failure: { kind: 'conflict', what, id },
})

/** The registry of the case that runs, with two empty tenants, and short ways to fill and list it. */
export type RegistryUnderTest = {
  readonly clock: { ms: number }
  readonly inventory: Inventory
  readonly accounts: Accounts
  readonly create: (
    over?: Partial<ManagedObjectDraft>,
    owner?: UserName,
    tenant?: TenantId,
  ) => Promise<ManagedObject>
  readonly listedIds: (
    filter: ManagedObjectFilter,
    tenant?: TenantId,
  ) => Promise<readonly ManagedObjectId[]>
}

export const registryUnderTest = (make: MakeRegistry): RegistryUnderTest => {
  const clock = { ms: 0 }
  let open: OpenRegistry | undefined
  beforeEach(async () => {
    clock.ms = Date.UTC(2026, 0, 1)
    open = await make({ nowMs: () => clock.ms })
    for (const id of [t1, t2]) {
      const tenant = { id, name: `tenant ${id}`, domain: id, state: 'active' } as const
      valueOf(await open.accounts.createTenant(tenant, []))
    }
  })
  afterEach(() => open?.close())
  const current = (): OpenRegistry => {
    if (open === undefined) throw new Error('the registry is made before each case')
    return open
  }
  return {
    clock,
    get inventory() {
      return current().inventory
    },
    get accounts() {
      return current().accounts
    },
    create: async (over, owner = admin, tenant = t1) => {
      const drafts = [draft(over)]
      const [created] = valueOf(await current().inventory.createObjects(tenant, owner, drafts))
      if (created === undefined) throw new Error('nothing was created')
      return created
    },
    listedIds: async (filter, tenant = t1) => {
      const page = valueOf(await current().inventory.listObjects(tenant, filter, 0, 2000))
      return page.objects.map(({ id }) => id)
    },
  }
}
