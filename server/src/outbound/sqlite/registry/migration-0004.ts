/**
 * Format 4 of `registry.db`: retention rules, when they were last carried out, and audit records. Audit records outlive
 * their tenant for a while, as its users do. Their fragments are a JSON array of names and of values as they were sent.
 */
export const migration0004 = {
  format: 4,
  sql: `
create table retention_rule (
  id integer not null primary key autoincrement,
  tenant text not null references tenant,
  data_type text not null,
  fragment_type text,
  type text,
  source text,
  maximum_age integer not null,
  editable integer not null
) strict;

create index retention_rule_by_tenant on retention_rule (tenant, id);

create table retention_run (
  tenant text not null primary key references tenant,
  started_ms integer not null,
  removed_events integer not null,
  removed_records integer not null
) strict, without rowid;

create table audit_record (
  id integer not null primary key autoincrement,
  tenant text not null,
  type text not null,
  activity text not null,
  text text not null,
  source text not null,
  time_ms integer not null,
  offset_minutes integer not null,
  user text,
  application text,
  severity text,
  fragments text not null,
  creation_ms integer not null
) strict;

create index audit_record_by_time on audit_record (tenant, time_ms, id);

create index audit_record_by_id on audit_record (tenant, id);
`,
} as const
