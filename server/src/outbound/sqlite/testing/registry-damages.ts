/** A tenant with a user in a group, and two objects, of which one has a name outside and is the other's parent. */
export const soundRegistry = `
  insert into tenant (tenant, name, domain, state, creation_ms) values ('t1', 't1', 't1', 'active', 0);
  insert into user_group (id, tenant, name, description, roles, device_permissions, custom_properties,
    creation_ms) values (7, 't1', 'crew', '', '[]', '{}', '{}', 0);
  insert into user (tenant, name, password_hash, enabled, roles, profile, creation_ms,
    last_password_change_ms, group_ids) values ('t1', 'ann', '', 1, '[]', '{}', 0, 0, '[7]');
  insert into managed_object (id, tenant, owner, creation_ms, last_updated_ms, fragments)
    values (1, 't1', 'gone', 0, 0, '"a":1'), (2, 't1', null, 0, 0, '');
  insert into managed_object_fragment (tenant, name, object) values ('t1', 'a', 1);
  insert into external_id (tenant, type, external_id, object) values ('t1', 'serial', '4711', 1);
  insert into child_reference (tenant, parent, kind, child) values ('t1', 1, 'device', 2);
`

/** Statements after which a registry is not sound any more, and what is said of it. */
export const registryDamages: readonly (readonly [sql: string, problem: string])[] = [
  ["update user set tenant = 't2'", 'a user is of no tenant'],
  ["update managed_object set tenant = 't2' where id = 2", 'a managed object is of no tenant'],
  ['update external_id set object = 3', 'an external id names a managed object that is not there'],
  ["update external_id set tenant = 't2'", 'an external id names a managed object that is not'],
  ['update child_reference set parent = 3', 'a child is of a managed object that is not there'],
  ['delete from managed_object where id = 2', 'a managed object has a child that is not there'],
  ['update managed_object_fragment set object = 3', 'a fragment is of a managed object that is'],
  ["update user set group_ids = '[7,8]'", 'a user is in a group that is not there'],
  ["update user_group set tenant = 't2'", 'a row names a tenant that is not there'],
]

/** The tenant was deleted, and some of its rows are left. */
export const leavingTenant = `delete from user_group; delete from tenant;
      insert into leaving_tenant values ('t1'); delete from managed_object where id = 2`
