import { beforeEach, expect, it } from 'vitest'
import type { Principal } from '../core/access.ts'
import type { Result } from '../core/failure.ts'
import { toTenantId, toUserName } from '../core/identity.ts'
import { createMemoryAttachments } from '../outbound/memory/attachments.ts'
import { createMemoryEventStore } from '../outbound/memory/event-store.ts'
import { createMemoryRegistry } from '../outbound/memory/registry.ts'
import type { Attachments } from '../ports/attachments.ts'
import type { Inventory } from '../ports/inventory.ts'
import { createFinishPurges } from './finish-purges.ts'
import { createTurns } from './in-turn.ts'
import { createManageInventory } from './manage-inventory.ts'
import { createSettleAttachments } from './settle-attachments.ts'
import type { SettleAttachments } from './settle-attachments.ts'
import { createStoreFiles } from './store-files.ts'
import type { StoreFiles } from './store-files.ts'
import { createTransferSlots } from './transfer-slots.ts'

const clock = { nowMs: () => Date.UTC(2026, 0, 1) }
const tenant = toTenantId('t1')
const admin: Principal = {
  kind: 'user',
  tenant,
  user: toUserName('admin'),
  roles: new Set(['ROLE_INVENTORY_ADMIN', 'ROLE_INVENTORY_READ']),
}

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`unexpected failure ${JSON.stringify(result.failure)}`)
  return result.value
}

const createGate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Files whose next one gets its place only when the gate is open, as one does that a slow disk syncs. */
const keptLate = (files: Attachments, reached: () => void, gate: Promise<void>): Attachments => ({
  ...files,
  stage: async (of, owner) => {
    const staged = await files.stage(of, owner)
    if (!staged.ok) return staged
    const { keep } = staged.value
    const late: typeof keep = async (...all) => {
      reached()
      await gate
      return keep(...all)
    }
    return { ok: true, value: { ...staged.value, keep: late } }
  },
})

let attachments: Attachments
let inventory: Inventory
let settle: SettleAttachments
let storeInto: (files: Attachments) => StoreFiles

beforeEach(async () => {
  const registry = createMemoryRegistry(clock)
  await registry.accounts.createTenant({ id: tenant, name: 't', domain: 't', state: 'active' }, [])
  inventory = registry.inventory
  attachments = createMemoryAttachments(clock)
  const { accounts } = registry
  const events = createMemoryEventStore(clock)
  const turns = createTurns()
  const ports = { inventory, attachments, events, clock, ...turns }
  const finishPurges = createFinishPurges(ports)
  const manageInventory = createManageInventory({ inventory, accounts, finishPurges })
  settle = createSettleAttachments(ports)
  storeInto = (files) =>
    createStoreFiles({
      ...ports,
      attachments: files,
      slots: createTransferSlots(8, 8),
      manageInventory,
    })
})

const unnamed = { name: 'map', type: 'text/plain', object: undefined }

it('an object whose upload is under way stays, whatever else was left unsettled', async () => {
  await valueOf(await attachments.stage(tenant, undefined)).leave()
  const [reached, gate] = [createGate(), createGate()]
  const files = storeInto(keptLate(attachments, reached.open, gate.opened))
  const upload = valueOf(await files.begin(admin))
  const kept = upload.keep(unnamed)
  await reached.opened
  const settled = settle()
  await new Promise(setImmediate)
  gate.open()
  const object = valueOf(await kept)
  valueOf(await settled)
  expect(valueOf(await inventory.readObject(tenant, object.id))).toEqual(object)
  expect(valueOf(await attachments.listUnsettled())).toEqual([])
})

it('an object that has been made without its file goes, and those that have one stay', async () => {
  await valueOf(await attachments.stage(tenant, undefined)).leave()
  const upload = valueOf(await storeInto(attachments).begin(admin))
  const whole = valueOf(await upload.keep(unnamed))
  const draft = { name: 'half', type: undefined, externalIds: [] }
  const fragments = [{ name: 'c8y_IsBinary', value: '""' }]
  const [half] = valueOf(
    await inventory.createObjects(tenant, undefined, [{ ...draft, fragments }]),
  )
  valueOf(await settle())
  expect(valueOf(await inventory.readObject(tenant, whole.id))).toEqual(whole)
  expect(await inventory.readObject(tenant, half?.id ?? whole.id)).toMatchObject({ ok: false })
})
