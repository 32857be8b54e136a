/**
 * Format 7 of `registry.db`: how often it has changed in each tenant who is whose child, so that what is kept of a hierarchy
 * is known to be as it hangs now. A tenant without a row has seen no change since this format came. An insert that finds
 * its reference there already changes nothing, and is not counted.
 */
export const migration0007 = {
  format: 7,
  sql: `
create table family_change (
  tenant text not null primary key,
  changes integer not null
) strict, without rowid;

create trigger child_reference_made after insert on child_reference begin
  insert into family_change (tenant, changes)
  select new.tenant, 0 where not exists (select 1 from family_change where tenant = new.tenant);
  update family_change set changes = changes + 1 where tenant = new.tenant;
end;

create trigger child_reference_gone after delete on child_reference begin
  insert into family_change (tenant, changes)
  select old.tenant, 0 where not exists (select 1 from family_change where tenant = old.tenant);
  update family_change set changes = changes + 1 where tenant = old.tenant;
end;
`,
} as const
