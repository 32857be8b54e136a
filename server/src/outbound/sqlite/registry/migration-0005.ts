/**
 * Format 5 of `registry.db`: settings of tenants, and what is kept about a tenant for people to read. `profile` and
 * `custom_properties` are JSON objects that are read whole with their row.
 */
export const migration0005 = {
  format: 5,
  sql: `
create table tenant_option (
  tenant text not null references tenant,
  category text not null,
  key text not null,
  value text not null,
  primary key (tenant, category, key)
) strict, without rowid;

alter table tenant add column profile text not null default '{}';
alter table tenant add column custom_properties text not null default '{}';
`,
} as const
