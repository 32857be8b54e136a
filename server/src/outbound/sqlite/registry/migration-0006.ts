/**
 * Format 6 of `registry.db`: the shelf of each audit record, and how many records of a tenant each shelf holds, so that
 * nothing is counted when one comes. A record of before is on the shelf of its type if the server writes that type;
 * whether it was a client that wrote it cannot be told.
 */
export const migration0006 = {
  format: 6,
  sql: `
alter table audit_record add column shelf text not null default 'client';

update audit_record set shelf = type
where type in ('Application', 'ApiKey', 'DeviceRequest', 'Group', 'Inventory', 'InventoryRole',
  'Option', 'RetentionRule', 'Tenant', 'User', 'UserAuthentication');

create index audit_record_by_shelf on audit_record (tenant, shelf, id);

create table audit_shelf (
  tenant text not null,
  shelf text not null,
  records integer not null,
  primary key (tenant, shelf)
) strict, without rowid;

insert into audit_shelf (tenant, shelf, records)
select tenant, shelf, count(*) from audit_record group by tenant, shelf;

create trigger audit_record_shelved after insert on audit_record begin
  insert into audit_shelf (tenant, shelf, records) values (new.tenant, new.shelf, 1)
  on conflict (tenant, shelf) do update set records = records + 1;
end;

create trigger audit_record_taken after delete on audit_record begin
  update audit_shelf set records = records - 1 where tenant = old.tenant and shelf = old.shelf;
  delete from audit_shelf where tenant = old.tenant and shelf = old.shelf and records = 0;
end;
`,
} as const
