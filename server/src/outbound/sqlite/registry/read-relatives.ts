import { toManagedObjectId } from '../../../core/identity.ts'
import { globalFragment } from '../../../core/managed-object.ts'
import type { Database, Statement } from 'better-sqlite3'
import type { Relation } from '../../../core/family.ts'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'
import type { Relatives, RelativesRequest } from '../../../ports/inventory.ts'

const visible = `
  and (@visibleTo is null or o.owner = @visibleTo or exists (
    select 1 from managed_object_fragment f
    where f.tenant = @tenant and f.name = '${globalFragment}' and f.object = o.id))`

const found = {
  children: `
    from child_reference r cross join managed_object o on o.id = r.child
    where r.tenant = @tenant and r.parent = @of and r.kind = @kind and o.tenant = @tenant${visible}`,
  parents: `
    from child_reference r indexed by child_reference_by_child
      cross join managed_object o on o.id = r.parent
    where r.tenant = @tenant and r.child = @of and r.kind = @kind and o.tenant = @tenant${visible}`,
} as const

/** Counting needs no look at the objects when all of them may be seen. */
const counted = {
  children: `from child_reference r where tenant = @tenant and parent = @of and kind = @kind`,
  parents: `from child_reference r indexed by child_reference_by_child
    where tenant = @tenant and child = @of and kind = @kind`,
} as const

type Values = {
  readonly tenant: string
  readonly of: number
  readonly kind: string
  readonly visibleTo: string | null
}

type Row = { readonly id: number; readonly name: string | null }

/** The lists of each object; of a tenant that does not exist, all are empty. */
export const createRelativeReads = (db: Database) => {
  const children = createRelationReads(db, 'children')
  const parents = createRelationReads(db, 'parents')
  return (
    tenant: TenantId | undefined,
    ids: readonly ManagedObjectId[],
    { relations, eachMax, withCount, visibleTo }: RelativesRequest,
  ): readonly Relatives[] => {
    const readOne = (of: ManagedObjectId, relation: Relation): Relatives => {
      const none = { of, relation, relatives: [], count: withCount ? 0 : undefined }
      if (tenant === undefined) return none
      const reads = relation.to === 'children' ? children : parents
      const values = { tenant, of, kind: relation.kind, visibleTo: visibleTo ?? null }
      const relatives = eachMax > 0 ? reads.list(values, eachMax) : []
      return { of, relation, relatives, count: withCount ? reads.count(values) : undefined }
    }
    return ids.flatMap((of) => relations.map((relation) => readOne(of, relation)))
  }
}

const createRelationReads = (db: Database, to: Relation['to']) => {
  const column = to === 'children' ? 'child' : 'parent'
  const list: Statement<[Values & { readonly max: number }], Row> = db.prepare(
    `select o.id, o.name ${found[to]} order by r.${column} limit @max`,
  )
  const countAll = prepareCount(db, counted[to])
  const countVisible = prepareCount(db, found[to])
  return {
    list: (values: Values, max: number): Relatives['relatives'] =>
      list
        .all({ ...values, max })
        .map(({ id, name }) => ({ id: toManagedObjectId(id), name: name ?? undefined })),
    count: (values: Values): number =>
      (values.visibleTo === null ? countAll : countVisible).get(values)?.total ?? 0,
  }
}

const prepareCount = (db: Database, from: string): Statement<[Values], { total: number }> =>
  db.prepare(`select count(*) as total ${from}`)
