import { accessSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { buildPart } from './build-part.ts'
import type { BuildConfig, BuiltPart } from './build-part.ts'
import { keepLeavingOfParts } from './leaving-rows.ts'
import { partPath } from '../tables/part-files.ts'
import type { Origin } from '../tables/part-rollups.ts'
import { ownNamesShape } from '../tables/part-schema.ts'

/**
 * Makes the file of part `into` from several sealed parts: without the rows that the head names dead and without the
 * tenants that are gone from theirs, all as of the one version it answers. An event that was changed may lie in two of
 * them, and is dead in one in any version, so that ids never meet. Types and shapes are numbered anew, because each
 * part has its own numbers. Throws as `sealPart` does, and leaves as little behind.
 */
export const mergeParts = (
  config: BuildConfig,
  parts: readonly number[],
  into: number,
): BuiltPart =>
  buildPart(config, into, (db) => {
    const paths = parts.map((part) => ({ part, path: partPath(config.folder, part) }))
    // Attaching a file that is not there would create it.
    for (const { path } of paths) accessSync(path)
    const version = keepLeavingOfParts(db, parts)
    db.exec(namesSql)
    for (const { part, path } of paths) {
      // One after the other: the engine attaches no more than ten.
      db.prepare('attach ? as old').run(path)
      takeIn(db, part)
      db.exec('detach old')
    }
    return { version, coveredRows: 0, origin }
  })

/** Under names of their own: what is not qualified means a table of the same name here before one of the file. */
const namesSql = `
create temp table all_tenant (id integer primary key, name text not null);
create temp table all_type (id integer primary key, text text not null unique);
create temp table all_shape (id integer primary key, names text not null unique);
create temp table all_shape_fragment (
  name text not null, shape integer not null, primary key (name, shape)
) without rowid;
create temp table new_type (old_id integer primary key, new_id integer not null);
create temp table new_shape (old_id integer primary key, new_id integer not null);`

const origin: Origin = {
  schema: 'temp',
  tables: { type: 'all_type', shape: 'all_shape', shapeFragment: 'all_shape_fragment' },
  tenant: 'all_tenant',
}

const takeIn = (db: Database, part: number): void => {
  db.exec(takeNamesSql)
  db.prepare<[number, number]>(copyStayingSql).run(part, part)
}

/** Tenants have the numbers of the head everywhere. */
const takeNamesSql = `
insert or ignore into temp.all_tenant (id, name) select id, name from old.tenant order by id;
insert or ignore into temp.all_type (text) select text from old.type order by id;
insert or ignore into temp.all_shape (names) select names from old.shape order by id;
delete from temp.new_type;
insert into temp.new_type (old_id, new_id)
  select o.id, n.id from old.type o join temp.all_type n on n.text = o.text;
delete from temp.new_shape;
insert into temp.new_shape (old_id, new_id)
  select o.id, n.id from old.shape o join temp.all_shape n on n.names = o.names;
insert into temp.new_shape (old_id, new_id) values (${ownNamesShape}, ${ownNamesShape});
insert or ignore into temp.all_shape_fragment (name, shape)
  select f.name, n.new_id from old.shape_fragment f join temp.new_shape n on n.old_id = f.shape;`

/** A number without a name becomes null, which the table refuses. */
const copyStayingSql = `insert into main.event (id, tenant, source, type, shape, time_ms,
    offset_minutes, creation_ms, last_updated_ms, changed, text, fragments, digest)
  select e.id, e.tenant, e.source, t.new_id, s.new_id, e.time_ms,
    e.offset_minutes, e.creation_ms, e.last_updated_ms, e.changed, e.text, e.fragments, e.digest
  from old.event e not indexed
    left join temp.new_type t on t.old_id = e.type
    left join temp.new_shape s on s.old_id = e.shape
  where e.tenant not in (select tenant from temp.tenant_leaving_part where part = ?)
    and not exists (select 1 from temp.leaving_of_part l where l.part = ? and l.id = e.id)
  order by e.id`
