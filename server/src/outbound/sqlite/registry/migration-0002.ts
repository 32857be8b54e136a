/**
 * Format 2 of `registry.db`: who is whose child. `kind` is `device`, `asset` or `addition`. A parent's children lie
 * together by ascending id; the index finds a child's parents. Like the objects themselves, references outlive their
 * tenant for a while (`leaving_tenant`). Names get an index, because the query language asks for objects by name.
 */
export const migration0002 = {
  format: 2,
  sql: `
create table child_reference (
  tenant text not null,
  parent integer not null,
  kind text not null check (kind in ('device', 'asset', 'addition')),
  child integer not null,
  primary key (tenant, parent, kind, child)
) strict, without rowid;

create index child_reference_by_child on child_reference (tenant, child, kind, parent);

create index managed_object_by_name on managed_object (tenant, name) where name is not null;
`,
} as const
