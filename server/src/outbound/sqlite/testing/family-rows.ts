import type { Database } from 'better-sqlite3'

/** Of `t1`, object 1 has 2 to 10 as child assets; of `t2`, object 101 has 102 to 110. */
export const fillFamilies = (db: Database): void => {
  const insert = db.prepare<[number, string]>(
    `insert into managed_object (id, tenant, creation_ms, last_updated_ms, fragments)
    values (?, ?, 0, 0, '[]')`,
  )
  const link = db.prepare<[string, number, number]>(
    `insert into child_reference (tenant, parent, kind, child) values (?, ?, 'asset', ?)`,
  )
  for (const [tenant, first] of [['t1', 1] as const, ['t2', 101] as const]) {
    for (const id of upTo(first, first + 9)) {
      insert.run(id, tenant)
      if (id > first) link.run(tenant, first, id)
    }
  }
}

/** Both included. */
export const upTo = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** From all its parents. */
export const unlinkRow = (db: Database, child: number): void => {
  db.prepare('delete from child_reference where child = ?').run(child)
}

/** Without its references. */
export const removeObjectRow = (db: Database, id: number): void => {
  db.prepare('delete from managed_object where id = ?').run(id)
}

/** What is unlinked from now on is found only by who walks over the hierarchy. */
export const stopCountingChanges = (db: Database): void => {
  db.exec('drop trigger child_reference_gone')
}

/** The objects of a covered set. */
export const readCovered = (db: Database, number: number | undefined): readonly unknown[] =>
  db.prepare('select object from temp.covered_object where number = ?').pluck().all(number)

/** The roots of the covered sets that are kept, and how many objects they have; the oldest first. */
export const readCoveredSets = (db: Database): readonly unknown[] =>
  db.prepare('select roots, objects from temp.covered_set order by number').raw().all()

/** How many rows this connection has changed. */
export const countChangedRows = (db: Database): number =>
  Number(db.prepare('select total_changes()').pluck().get())
