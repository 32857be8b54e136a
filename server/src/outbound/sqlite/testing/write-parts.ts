import { mkdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isDictionaryShape, joinOwnNames, splitNames } from '../events/stored-fragments.ts'
import { encodeNames, encodeValues } from '../events/stored-fragments.ts'
import { openForWriting } from '../open-database.ts'
import { ordinaryTimeMs } from '../parts/tables/catalogue.ts'
import {
  columnSlots,
  createColumnMemory,
  openColumns,
  publish,
} from '../parts/between-threads/columns.ts'
import type { ColumnMemory } from '../parts/between-threads/columns.ts'
import { migration0001 } from '../parts/migration-0001.ts'
import { eventsFolder, headPath, partPath } from '../parts/tables/part-files.ts'
import {
  createPartTables,
  fileTables,
  headTables,
  partColumns,
} from '../parts/tables/part-schema.ts'
import { partFileFormat, partFileTables, partIndexes } from '../parts/tables/part-schema.ts'
import type { PartTables } from '../parts/tables/part-schema.ts'
import type { SimulatedPart, SimulatedRow, Simulation } from './parts-simulation.fixture.ts'

/** Puts a simulated store on disk and into shared memory, by plain SQL of its own. Answers the columns. */
export const writeParts = (
  folder: string,
  simulation: Simulation,
  tenants: readonly string[],
): readonly ColumnMemory[] => {
  mkdirSync(eventsFolder(folder), { recursive: true })
  const head = openForWriting({ path: headPath(folder), migrations: [migration0001] })
  const memory = Array.from({ length: columnSlots }, () => createColumnMemory(5_000))
  const numberOf = (tenant: string): number => tenants.indexOf(tenant) + 1
  head.transaction(() => {
    const { highWater, version } = simulation
    head
      .prepare('update counter set high_water = ?, version = ?, catalogue = 1')
      .run(highWater, version)
    for (const name of tenants) head.prepare('insert into tenant (name) values (?)').run(name)
    for (const job of simulation.jobs) {
      head
        .prepare(
          'insert into job (id, tenant, filter, started_ms, done_part) values (?, ?, ?, 1, ?)',
        )
        .run(job.id, numberOf(job.tenant), JSON.stringify(job.filter), job.donePart)
    }
    let slot = 0
    for (const part of simulation.parts) {
      const numbers =
        part.state === 'sealed' ? writeFile(folder, part, numberOf, tenants) : undefined
      const inHead = numbers ?? writeRows(head, headTables(part.number), part, numberOf)
      writeCatalogue(head, part, slot)
      writeDead(head, part, inHead)
      if (part.state === 'sealed') continue
      writeColumns(memory[slot], part, inHead, simulation.version)
      slot += 1
    }
  })()
  head.close()
  return memory
}

type Numbers = { readonly tenant: number; readonly type: number; readonly shape: number }
type NumbersOf = (row: SimulatedRow) => Numbers

const writeRows = (
  db: Database.Database,
  tables: PartTables,
  part: SimulatedPart,
  tenantOf: (tenant: string) => number,
): NumbersOf => {
  db.exec(createPartTables(tables))
  const [types, shapes] = [new Map<string, number>(), new Map<string, number>()]
  const typeOf = (text: string): number =>
    numbered(types, text, (id) => {
      db.prepare(`insert into ${tables.type} (id, text) values (?, ?)`).run(id, text)
    })
  const shapeOf = (names: string): number =>
    numbered(shapes, names, (id) => {
      db.prepare(`insert into ${tables.shape} (id, names) values (?, ?)`).run(id, names)
      const add = db.prepare(
        `insert into ${tables.shapeFragment} (name, shape) values (?, ?) on conflict do nothing`,
      )
      for (const name of splitNames(names)) add.run(name, id)
    })
  const numbersOf: NumbersOf = ({ event, hasOwnNames }) => {
    const names = encodeNames(event.fragments)
    const shape = hasOwnNames || !isDictionaryShape(names) ? 0 : shapeOf(names)
    return { tenant: tenantOf(event.tenant), type: typeOf(event.type), shape }
  }
  const places = '?, '.repeat(12) + '?'
  const insert = db.prepare(`insert into ${tables.event} (${partColumns}) values (${places})`)
  const all = new Map(
    [...part.rows.values(), ...part.dead.values()].map((row) => [row.event.id, row]),
  )
  for (const row of all.values()) {
    const { event, changed } = row
    const { tenant, type, shape } = numbersOf(row)
    const stored = { names: encodeNames(event.fragments), values: encodeValues(event.fragments) }
    insert.run(
      event.id,
      tenant,
      event.source,
      type,
      shape,
      event.time.ms,
      event.time.offsetMinutes,
      event.creationMs,
      changed === undefined ? null : event.lastUpdatedMs,
      changed ?? null,
      event.text,
      shape === 0 ? joinOwnNames(stored) : stored.values,
      null,
    )
  }
  return numbersOf
}

const numbered = (known: Map<string, number>, key: string, add: (id: number) => void): number => {
  const found = known.get(key)
  if (found !== undefined) return found
  known.set(key, known.size + 1)
  add(known.size)
  return known.size
}

const rollups = `
insert into tenant_rollup
  select tenant, count(*), sum(length(text) + length(fragments)), min(time_ms), max(time_ms)
  from event group by tenant;
insert into source_rollup
  select tenant, source, count(*), min(time_ms), max(time_ms) from event group by tenant, source;
insert into type_rollup
  select tenant, type, shape, count(*), min(time_ms), max(time_ms)
  from event group by tenant, type, shape;
`

const writeFile = (
  folder: string,
  part: SimulatedPart,
  tenantOf: (tenant: string) => number,
  tenants: readonly string[],
): NumbersOf => {
  const db = new Database(partPath(folder, part.number))
  const numbersOf = db.transaction(() => {
    const found = writeRows(db, fileTables, part, tenantOf)
    db.exec(partFileTables + rollups + partIndexes)
    for (const name of tenants) db.prepare('insert into tenant (name) values (?)').run(name)
    db.pragma(`user_version = ${partFileFormat}`)
    return found
  })()
  db.close()
  return numbersOf
}

/** The bounds as catalogue.ts says what they mean; those of parts without a file say nothing. */
const writeCatalogue = (head: Database.Database, part: SimulatedPart, slot: number): void => {
  const add = head.prepare(
    `insert into part (number, state, slot, rows, dead_rows, min_id, max_id, max_changed,
      min_creation_ms, max_creation_ms, min_time_ms, max_time_ms, outliers)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const rows = part.state === 'sealed' ? [...part.rows.values()] : []
  const [minCreation, maxCreation] = boundsOf(rows.map(({ event }) => event.creationMs))
  const isOrdinary = ({ event }: SimulatedRow): boolean =>
    event.time.ms >= minCreation - ordinaryTimeMs && event.time.ms <= maxCreation + ordinaryTimeMs
  const outliers = [
    ...new Set(rows.filter((row) => !isOrdinary(row)).map(({ event }) => event.source)),
  ]
  add.run(
    part.number,
    part.state,
    part.state === 'sealed' ? 0 : slot,
    rows.length,
    part.dead.size,
    ...boundsOf(rows.map(({ event }) => event.id)),
    boundsOf(rows.map(({ event, changed }) => changed ?? event.id))[1],
    minCreation,
    maxCreation,
    ...boundsOf(rows.filter(isOrdinary).map(({ event }) => event.time.ms)),
    outliers.length > namedOutliersMax ? null : JSON.stringify(outliers),
  )
}

/** Fewer than in earnest, so that parts of which any source may be an outlier are met too. */
const namedOutliersMax = 3

const boundsOf = (numbers: readonly number[]): readonly [min: number, max: number] =>
  numbers.length === 0 ? [1, 0] : [Math.min(...numbers), Math.max(...numbers)]

const writeDead = (head: Database.Database, part: SimulatedPart, numbersOf: NumbersOf): void => {
  const add = head.prepare(
    `insert into dead (part, tenant, time_ms, id, source, type, shape, version)
      values (?, ?, ?, ?, ?, ?, ?, 1)`,
  )
  const count = head.prepare(
    `insert into dead_tenant (part, tenant, rows, is_gone, version) values (?, ?, 1, 0, 1)
      on conflict do update set rows = rows + 1`,
  )
  const gone = head.prepare(
    `insert into dead_tenant (part, tenant, rows, is_gone, version) values (?, ?, 0, 1, 1)
      on conflict do update set is_gone = 1`,
  )
  for (const row of part.dead.values()) {
    const { event } = row
    const { tenant, type, shape } = numbersOf(row)
    add.run(part.number, tenant, event.time.ms, event.id, event.source, type, shape)
    count.run(part.number, tenant)
  }
  for (const row of part.rows.values()) {
    if (part.goneTenants.has(row.event.tenant)) gone.run(part.number, numbersOf(row).tenant)
  }
}

/** Behind what is committed lie entries of the commit under way, and marks of it, that nobody may see. */
const writeColumns = (
  memory: ColumnMemory | undefined,
  part: SimulatedPart,
  numbersOf: NumbersOf,
  version: number,
): void => {
  if (!memory) throw new Error('there is a slot for each part without a file')
  const columns = openColumns(memory)
  const pending = part.entries.slice(0, 3).map(({ row }) => ({ row, added: version + 1, gone: 0 }))
  const entries = [...part.entries, ...pending]
  entries.forEach(({ row, added, gone }, at) => {
    const { event, changed } = row
    const { tenant, type, shape } = numbersOf(row)
    columns.ids[at] = event.id
    columns.sources[at] = event.source
    columns.times[at] = event.time.ms
    columns.creations[at] = event.creationMs
    columns.updates[at] = event.lastUpdatedMs
    columns.changes[at] = changed ?? event.id
    columns.added[at] = added
    columns.gone[at] = gone === 0 && at % 7 === 0 ? version + 1 : gone
    columns.tenants[at] = tenant
    columns.types[at] = type
    columns.shapes[at] = shape
  })
  publish(columns, entries.length)
}
