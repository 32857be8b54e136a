import { coveredKinds } from '../../../core/grants.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { globalFragment } from '../../../core/managed-object.ts'
import { isBelow } from './covered-objects.ts'
import type { Database, Statement } from 'better-sqlite3'
import type { Relation } from '../../../core/family.ts'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { Relatives, RelativesRequest } from '../../../ports/inventory.ts'

/** What is own or global, which is all that most viewers see. */
const isOwn = `o.owner = @user or exists (
    select 1 from managed_object_fragment f
    where f.tenant = @tenant and f.name = '${globalFragment}' and f.object = o.id)`

const isGiven = `o.id in (select value from json_each(@on)) or ${isBelow('o.id', '@below')}`

const selectCovered = `select ${isBelow('@of', '@below')} as is_covered`

const found = {
  children: `
    from child_reference r cross join managed_object o on o.id = r.child
    where r.tenant = @tenant and r.parent = @of and r.kind = @kind and o.tenant = @tenant`,
  parents: `
    from child_reference r indexed by child_reference_by_child
      cross join managed_object o on o.id = r.parent
    where r.tenant = @tenant and r.child = @of and r.kind = @kind and o.tenant = @tenant`,
} as const

/** Counting needs no look at the objects when all of them may be seen. */
const counted = {
  children: `from child_reference r where tenant = @tenant and parent = @of and kind = @kind`,
  parents: `from child_reference r indexed by child_reference_by_child
    where tenant = @tenant and child = @of and kind = @kind`,
} as const

/** Which statements find what a viewer sees, and its values in them. */
type Seeing = {
  readonly by: 'everything' | 'own' | 'given'
  readonly user: string
  readonly on: string
  readonly below: string
}

type Values = Omit<Seeing, 'by'> & {
  readonly tenant: string
  readonly of: number
  readonly kind: string
}

type Row = { readonly id: number; readonly name: string | null }

/** The lists of each object; of a tenant that does not exist, all are empty. */
export const createRelativeReads = (db: Database) => {
  const children = createRelationReads(db, 'children')
  const parents = createRelationReads(db, 'parents')
  const seeingBelow = createSeeingBelow(db)
  return (
    tenant: TenantId | undefined,
    ids: readonly ManagedObjectId[],
    { relations, eachMax, withCount, visibleTo }: RelativesRequest,
  ): readonly Relatives[] => {
    const seeing = seeingOf(visibleTo)
    const readOne = (of: ManagedObjectId, relation: Relation, below: Seeing): Relatives => {
      const none = { of, relation, relatives: [], count: withCount ? 0 : undefined }
      if (tenant === undefined) return none
      const reads = relation.to === 'children' ? children : parents
      const shown = goesDown(relation) ? below : seeing
      const { list, count } = reads[shown.by]
      const values = { tenant, of, kind: relation.kind, ...shown }
      const relatives = eachMax > 0 ? list(values, eachMax) : []
      return { of, relation, relatives, count: withCount ? count(values) : undefined }
    }
    return ids.flatMap((of) => {
      const isAsked = tenant !== undefined && relations.some(goesDown)
      const below = isAsked ? seeingBelow(tenant, of, seeing) : seeing
      return relations.map((relation) => readOne(of, relation, below))
    })
  }
}

const everything: Seeing = { by: 'everything', user: '', on: '[]', below: '[]' }

const seeingOf = (viewer: Viewer | undefined): Seeing => {
  if (viewer === undefined) return everything
  const { user, on, below } = viewer
  const by = on.length + below.length === 0 ? 'own' : 'given'
  return { by, user, on: JSON.stringify(on), below: JSON.stringify(below) }
}

const goesDown = ({ to, kind }: Relation): boolean =>
  to === 'children' && coveredKinds.some((covered) => covered === kind)

/** What is seen directly below an object, over `coveredKinds`: everything, when a role covers the object itself. */
const createSeeingBelow = (db: Database) => {
  const covered = db.prepare<
    [{ readonly tenant: string; readonly of: number; readonly below: string }],
    { readonly is_covered: number }
  >(selectCovered)
  return (tenant: TenantId, of: ManagedObjectId, seeing: Seeing): Seeing => {
    const { by, below } = seeing
    if (by !== 'given') return seeing
    return covered.get({ tenant, of, below })?.is_covered === 1 ? everything : seeing
  }
}

const createRelationReads = (db: Database, to: Relation['to']) => {
  const own = `${found[to]} and (${isOwn})`
  const given = `${found[to]} and (${isOwn} or ${isGiven})`
  return {
    everything: { list: prepareList(db, to, found[to]), count: prepareCount(db, counted[to]) },
    own: { list: prepareList(db, to, own), count: prepareCount(db, own) },
    given: { list: prepareList(db, to, given), count: prepareCount(db, given) },
  }
}

const prepareList = (db: Database, to: Relation['to'], from: string) => {
  const column = to === 'children' ? 'child' : 'parent'
  const list: Statement<[Values & { readonly max: number }], Row> = db.prepare(
    `select o.id, o.name ${from} order by r.${column} limit @max`,
  )
  return (values: Values, max: number): Relatives['relatives'] =>
    list
      .all({ ...values, max })
      .map(({ id, name }) => ({ id: toManagedObjectId(id), name: name ?? undefined }))
}

const prepareCount = (db: Database, from: string): ((values: Values) => number) => {
  const count: Statement<[Values], { total: number }> = db.prepare(
    `select count(*) as total ${from}`,
  )
  return (values) => count.get(values)?.total ?? 0
}
