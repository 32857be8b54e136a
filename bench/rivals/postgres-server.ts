import { fastify } from 'fastify'
import { Pool } from 'pg'
import { decodePostedEvent, decodeRowId } from './decode-posted-event.ts'

/**
 * What one would write by hand: parse the body, one insert a request, answer it with 201 when it is on disk. It knows no
 * caller, judges nothing, and has the three indexes that the queries of events need. `BENCH_POSTGRES` is its database.
 */
const schema = `
create table event (
  id bigint generated always as identity primary key, tenant integer not null, source text not null,
  type text not null, text text not null, time bigint not null,
  created timestamptz not null default now(), fragments json not null
);
create index event_by_source on event (tenant, source, time, id);
create index event_by_type on event (tenant, type, time, id);
create index event_by_time on event (tenant, time, id)`

const insert = {
  name: 'insert-event',
  text: `
insert into event (tenant, source, type, text, time, fragments)
values ($1, $2, $3, $4, $5, $6) returning id`,
}

/** So many inserts can wait for the disk at once and share its syncs. */
const poolSize = 32

const pool = new Pool({ connectionString: process.env['BENCH_POSTGRES'], max: poolSize })
await pool.query(schema)

const server = fastify()
server.post('/event/events', async (request, reply) => {
  const event = decodePostedEvent(request.body)
  const { source, type, text, time, ...fragments } = event
  const values = [1, source.id, type, text, Date.parse(time), JSON.stringify(fragments)]
  const { rows } = await pool.query({ ...insert, values })
  return reply.code(201).send({ id: decodeRowId(rows), ...event })
})
process.once('SIGTERM', () => {
  void server.close().then(() => pool.end())
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
console.log(`PostgreSQL server ready on ${url}`)
