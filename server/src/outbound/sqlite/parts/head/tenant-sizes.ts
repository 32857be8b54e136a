import type { Counter } from './counter.ts'
import type { DeadRows } from './dead-rows.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import type { PartSet } from './part-set.ts'

/**
 * Which tenants have as many bytes of events as they may. Parts without a file keep what their rows weigh; the file of
 * a sealed part says what each tenant has in it, of which the share that is not dead counts. The sum over sealed parts
 * is remembered: while the parts stay the same it only ever shrinks, so it is summed anew only for a tenant that
 * seems to be full although something has died since, and when parts come or go.
 */
export type TenantSizes = {
  readonly isFull: (tenant: number) => boolean
  /** After a rollback. */
  readonly forget: () => void
}

export type TenantSizesParts = {
  readonly parts: PartSet
  readonly dead: DeadRows
  readonly counter: Counter
  readonly connections: PartConnections
}

/** Undefined for `bytesMax` 0: no limit. */
export const createTenantSizes = (
  with_: TenantSizesParts,
  bytesMax: number,
): TenantSizes | undefined => {
  if (bytesMax === 0) return undefined
  const { parts, counter } = with_
  const sums = new Map<number, Sum>()
  const sumSealed = createSumSealed(with_)
  let partsSeen = -1
  const recount = (tenant: number): Sum => {
    const sum = { bytes: sumSealed(tenant), catalogue: counter.catalogue() }
    sums.set(tenant, sum)
    return sum
  }
  return {
    isFull: (tenant) => {
      if (partsSeen !== parts.changes()) sums.clear()
      partsSeen = parts.changes()
      const inHead = headBytes(parts, tenant)
      const known = sums.get(tenant) ?? recount(tenant)
      if (inHead + known.bytes < bytesMax) return false
      return known.catalogue === counter.catalogue() || inHead + recount(tenant).bytes >= bytesMax
    },
    forget: () => sums.clear(),
  }
}

/** In sealed parts, as the catalogue with this number had them. */
type Sum = { readonly bytes: number; readonly catalogue: number }

const headBytes = (parts: PartSet, tenant: number): number => {
  let bytes = parts.hot().tenantBytes(tenant)
  for (const part of parts.closed()) bytes += part.tenantBytes(tenant)
  return bytes
}

type Rollup = { readonly rows: number; readonly bytes: number }

type RollupsOfPart = ReadonlyMap<number, Rollup>

const rollupSql = 'select tenant, rows, bytes from tenant_rollup'

/** Files never change, so each is asked once for all tenants in it. */
const createSumSealed = ({ parts, dead, connections }: TenantSizesParts) => {
  const known = new Map<number, RollupsOfPart>()
  const read = (part: number): RollupsOfPart => {
    const { statements } = connections.open(part)
    const rows = statements.objects<Rollup & { readonly tenant: number }>(rollupSql).all()
    const rollups = new Map(rows.map(({ tenant, ...rollup }) => [tenant, rollup]))
    known.set(part, rollups)
    return rollups
  }
  return (tenant: number): number => {
    const catalogue = parts.catalogue()
    for (const part of known.keys()) if (!catalogue.byNumber.has(part)) known.delete(part)
    let bytes = 0
    for (const { number, state } of catalogue.parts) {
      if (state !== 'sealed') continue
      const rollup = (known.get(number) ?? read(number)).get(tenant)
      if (rollup) bytes += livingBytes(rollup, dead.rowsOf(number, tenant))
    }
    return bytes
  }
}

/** Nobody has counted what the dead rows weigh: as much as the others, on an average. */
const livingBytes = ({ rows, bytes }: Rollup, deadRows: number): number =>
  (bytes * Math.max(0, rows - deadRows)) / rows
