/**
 * Format 1 of `registry.db`. Names are compared byte for byte. A managed object's id is the row's own, unique in
 * the whole file, so that each index of a tenant's objects is in the order of their ids for nothing.
 * `managed_object_fragment` finds objects by the names of their fragments; its rows follow the object's.
 * Users, objects and external ids outlive their tenant for a while (`leaving_tenant`), so they do not refer to it.
 */
export const migration0001 = {
  format: 1,
  sql: `
create table tenant (
  tenant text not null primary key,
  name text not null,
  domain text not null unique,
  state text not null check (state in ('active', 'suspended')),
  creation_ms integer not null
) strict, without rowid;

create table user (
  tenant text not null,
  name text not null,
  password_hash text not null,
  enabled integer not null,
  roles text not null,
  profile text not null,
  creation_ms integer not null,
  last_password_change_ms integer not null,
  primary key (tenant, name)
) strict, without rowid;

create table app (
  tenant text not null references tenant,
  id text not null,
  name text not null,
  key text not null,
  creation_ms integer not null,
  primary key (tenant, id)
) strict, without rowid;

create unique index app_by_key on app (tenant, key);

create table api_key (
  tenant text not null references tenant,
  prefix text not null,
  hash text not null unique,
  name text not null,
  all_tenants integer not null,
  devices text,
  expires_ms integer,
  creation_ms integer not null,
  primary key (tenant, prefix)
) strict, without rowid;

create table managed_object (
  id integer not null primary key,
  tenant text not null,
  name text,
  type text,
  owner text,
  creation_ms integer not null,
  last_updated_ms integer not null,
  fragments text not null
) strict;

create index managed_object_by_tenant on managed_object (tenant);
create index managed_object_by_type on managed_object (tenant, type) where type is not null;
create index managed_object_by_owner on managed_object (tenant, owner) where owner is not null;

create table managed_object_fragment (
  tenant text not null,
  name text not null,
  object integer not null,
  primary key (tenant, name, object)
) strict, without rowid;

create table external_id (
  binding integer not null primary key,
  tenant text not null,
  type text not null,
  external_id text not null,
  object integer not null
) strict;

create unique index external_id_by_text on external_id (tenant, type, external_id);
create index external_id_by_object on external_id (tenant, object);

create table last_managed_object_id (
  only_row integer not null primary key check (only_row = 1),
  id integer not null
) strict;

insert into last_managed_object_id (only_row, id) values (1, 0);

create table purge (
  noted integer not null primary key,
  tenant text not null,
  object integer
) strict;

create index purge_by_tenant on purge (tenant, object);

create table leaving_tenant (tenant text not null primary key) strict, without rowid;
`,
} as const
