import { globalFragment } from '../../../core/managed-object.ts'
import type { Database, Statement } from 'better-sqlite3'
import type { TenantId } from '../../../core/identity.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'

/** The values of a filter as the statements name them; null where a condition is absent. */
export type FilterValues = {
  readonly tenant: string
  readonly ids: string | null
  readonly type: string | null
  readonly fragmentType: string | null
  readonly owner: string | null
  readonly text: string | null
  readonly visibleTo: string | null
}

export type FilterPlan = {
  /** A select of the matching `id`s, without an order. */
  readonly candidates: string
  readonly values: FilterValues
}

type Condition = 'ids' | 'type' | 'fragmentType' | 'owner' | 'text' | 'visibleTo'

const hasFragment = (name: string): string => `exists (
    select 1 from managed_object_fragment f
    where f.tenant = @tenant and f.name = ${name} and f.object = o.id)`

const conditions: Readonly<Record<Condition, string>> = {
  ids: 'o.id in (select value from json_each(@ids))',
  type: 'o.type = @type',
  fragmentType: hasFragment('@fragmentType'),
  owner: 'o.owner = @owner',
  text: `has_words(@text, o.id || char(10) || coalesce(o.type, '') || char(10)
    || coalesce(o.name, '') || char(10) || coalesce(o.owner, '') || char(10)
    || coalesce((select group_concat(e.external_id, char(10)) from external_id e
      where e.tenant = @tenant and e.object = o.id), ''))`,
  visibleTo: `(o.owner = @visibleTo or ${hasFragment(`'${globalFragment}'`)})`,
}

/** Conditions that an index answers by itself; of several, the one that matches fewest leads. */
const drivers = ['owner', 'type', 'fragmentType', 'visibleTo'] as const

type Driver = (typeof drivers)[number]

/** What each of them finds alone, from an index only. */
const found: Readonly<Record<Driver, string>> = {
  owner: `
    select o.id from managed_object o indexed by managed_object_by_owner
    where o.tenant = @tenant and o.owner = @owner`,
  type: `
    select o.id from managed_object o indexed by managed_object_by_type
    where o.tenant = @tenant and o.type = @type`,
  fragmentType: `
    select d.object as id from managed_object_fragment d
    where d.tenant = @tenant and d.name = @fragmentType`,
  visibleTo: `
    select o.id from managed_object o indexed by managed_object_by_owner
    where o.tenant = @tenant and o.owner = @visibleTo
    union all
    select d.object from managed_object_fragment d
    where d.tenant = @tenant and d.name = '${globalFragment}'`,
}

/**
 * Where the search begins, for each leading condition. SQLite is told and not asked, because it keeps no
 * statistics here and would take any condition for as good as another.
 */
const beginnings: Readonly<Record<Driver | 'ids' | 'tenant', string>> = {
  owner: found.owner,
  type: found.type,
  fragmentType: `
    select d.object as id
    from managed_object_fragment d cross join managed_object o on o.id = d.object
    where d.tenant = @tenant and d.name = @fragmentType and o.tenant = @tenant`,
  visibleTo: `
    select o.id from managed_object o not indexed
    where o.tenant = @tenant and o.id in (${found.visibleTo})`,
  ids: `
    select o.id from managed_object o not indexed
    where o.tenant = @tenant and o.id in (select value from json_each(@ids))`,
  tenant: `
    select o.id from managed_object o indexed by managed_object_by_tenant
    where o.tenant = @tenant`,
}

/** Beyond this, two conditions are equally bad to begin with. */
const comparedMax = 1_000

export const createFilterPlans = (
  db: Database,
): ((tenant: TenantId, filter: ManagedObjectFilter) => FilterPlan) => {
  const sizes = new Map(drivers.map((driver) => [driver, prepareSize(db, driver)]))
  const sizeOf = (driver: Driver, values: FilterValues): number =>
    sizes.get(driver)?.get(values)?.total ?? 0
  return (tenant, filter) => {
    const values = toValues(tenant, filter)
    const present = conditionNames.filter((name) => values[name] !== null)
    const lead = present.includes('ids') ? 'ids' : findLead(present, values, sizeOf)
    return { candidates: searchBy(lead, present), values }
  }
}

const prepareSize = (
  db: Database,
  driver: Driver,
): Statement<[FilterValues], { readonly total: number }> =>
  db.prepare(`select count(*) as total from (${found[driver]} limit ${comparedMax})`)

const conditionNames = ['ids', 'type', 'fragmentType', 'owner', 'text', 'visibleTo'] as const

const toValues = (tenant: TenantId, filter: ManagedObjectFilter): FilterValues => ({
  tenant,
  ids: filter.ids === undefined ? null : JSON.stringify(filter.ids),
  type: filter.type ?? null,
  fragmentType: filter.fragmentType ?? null,
  owner: filter.owner ?? null,
  text: filter.text ?? null,
  visibleTo: filter.visibleTo ?? null,
})

const findLead = (
  present: readonly Condition[],
  values: FilterValues,
  sizeOf: (driver: Driver, values: FilterValues) => number,
): Driver | 'tenant' => {
  const able = drivers.filter((driver) => present.includes(driver))
  const [only] = able
  if (only === undefined || able.length === 1) return only ?? 'tenant'
  const sized = able.map((driver) => ({ driver, size: sizeOf(driver, values) }))
  return sized.reduce((best, next) => (next.size < best.size ? next : best)).driver
}

const searchBy = (lead: keyof typeof beginnings, present: readonly Condition[]): string => {
  const others = present.filter((name) => name !== lead)
  if (lead === 'fragmentType' && others.length === 0) return found.fragmentType
  return [beginnings[lead], ...others.map((name) => conditions[name])].join('\n    and ')
}
