/**
 * Format 3 of `registry.db`: groups of users, log-ins, inventory roles, and devices that are to be registered. Lists and maps that are read whole with
 * their row are JSON. Sessions outlive their tenant for a while, as its users do. The first ids of inventory roles are
 * those of the predefined ones, which are in no table.
 */
export const migration0003 = {
  format: 3,
  sql: `
alter table user add column group_ids text not null default '[]';
alter table user add column device_permissions text not null default '{}';
alter table user add column assignments text not null default '[]';
alter table user add column custom_properties text not null default '{}';
alter table user add column should_reset_password integer not null default 0;

alter table app add column kind text not null default 'EXTERNAL';
alter table app add column context_path text;

create table session (
  hash text not null primary key,
  tenant text not null,
  user text not null,
  creation_ms integer not null,
  expires_ms integer not null
) strict, without rowid;

create index session_by_user on session (tenant, user, creation_ms);

create table user_group (
  id integer not null primary key autoincrement,
  tenant text not null references tenant,
  name text not null,
  description text not null,
  roles text not null,
  device_permissions text not null,
  custom_properties text not null,
  creation_ms integer not null
) strict;

create unique index user_group_by_name on user_group (tenant, name);

create table inventory_role (
  id integer not null primary key autoincrement,
  tenant text not null references tenant,
  name text not null,
  description text not null,
  permissions text not null
) strict;

create unique index inventory_role_by_name on inventory_role (tenant, name);

insert into sqlite_sequence (name, seq) values ('inventory_role', 4);

create table device_request (
  tenant text not null references tenant,
  id text not null,
  type text,
  group_id text,
  state text not null,
  token_hash text,
  creation_ms integer not null,
  primary key (tenant, id)
) strict, without rowid;

create index device_request_by_id on device_request (id, creation_ms, tenant);
`,
} as const
