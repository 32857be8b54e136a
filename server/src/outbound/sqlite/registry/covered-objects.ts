import { coveredKinds } from '../../../core/grants.ts'

/**
 * What inventory roles reach, as SQL. `roots` is the name of a bound list of ids, as JSON; an id that the tenant does not
 * have leads nowhere.
 */

const kinds = coveredKinds.map((kind) => `'${kind}'`).join(', ')

/** A select of the `id`s of the roots and of all below them, each once: costs as much as there is below. */
export const idsBelow = (roots: string): string => `
    with recursive below(id) as (
      select x.id from json_each(${roots}) p cross join managed_object x on x.id = p.value
      where x.tenant = @tenant
      union
      select r.child from below b cross join child_reference r
      where r.tenant = @tenant and r.parent = b.id and r.kind in (${kinds}))
    select id from below`

/**
 * Whether the object of this id is one of them. Looked for upwards, where there are few however much hangs below a root:
 * for a few objects, and never for all of a tenant's.
 */
export const isBelow = (id: string, roots: string): string => `exists (
    with recursive above(id) as (
      select ${id}
      union
      select r.parent
      from above a cross join child_reference r indexed by child_reference_by_child
      where r.tenant = @tenant and r.child = a.id and r.kind in (${kinds}))
    select 1 from above where id in (select value from json_each(${roots})))`
