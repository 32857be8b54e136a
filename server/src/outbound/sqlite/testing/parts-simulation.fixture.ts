import { matchesEvent } from '../../../core/event-query.ts'
import type { EventFilter } from '../../../core/event-query.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { TenantId } from '../../../core/identity.ts'
import { toEventId } from '../../../core/identity.ts'

/**
 * A store in parts as the writer would have it, in plain lists: who wrote what, where each row lies, what is
 * dead, what a running deletion hides. `living` is what must be seen of all this.
 */
export type SimulatedRow = {
  readonly event: StoredEvent
  /** Undefined until the first change. */
  readonly changed: number | undefined
  /** Whether the row carries the names of its fragments itself. */
  readonly hasOwnNames: boolean
}

export type SimulatedEntry = { readonly row: SimulatedRow; readonly added: number; gone: number }

export type SimulatedPart = {
  number: number
  state: 'hot' | 'closed' | 'sealed'
  /** What lies in its table or file. */
  readonly rows: Map<number, SimulatedRow>
  readonly entries: SimulatedEntry[]
  readonly dead: Map<number, SimulatedRow>
  readonly goneTenants: Set<TenantId>
}

export type SimulatedJob = {
  readonly id: number
  readonly tenant: TenantId
  readonly filter: EventFilter
  donePart: number
}

export type Simulation = {
  readonly parts: SimulatedPart[]
  readonly jobs: SimulatedJob[]
  readonly living: Map<number, SimulatedRow>
  version: number
  highWater: number
}

export const createSimulation = (): Simulation => ({
  parts: [newPart(1)],
  jobs: [],
  living: new Map(),
  version: 1,
  highWater: 0,
})

const newPart = (number: number): SimulatedPart => ({
  number,
  state: 'hot',
  rows: new Map(),
  entries: [],
  dead: new Map(),
  goneTenants: new Set(),
})

const hotOf = ({ parts }: Simulation): SimulatedPart => {
  const hot = parts.at(-1)
  if (!hot) throw new Error('there is always a hot part')
  return hot
}

const takeNumber = (simulation: Simulation): number => {
  simulation.highWater += 3
  return simulation.highWater
}

export const append = (
  simulation: Simulation,
  event: Omit<StoredEvent, 'id'>,
  hasOwnNames: boolean,
): void => {
  const id = toEventId(takeNumber(simulation))
  addToHot(simulation, { event: { ...event, id }, changed: undefined, hasOwnNames })
}

export const change = (
  simulation: Simulation,
  id: number,
  parts: Pick<StoredEvent, 'text' | 'fragments' | 'lastUpdatedMs'>,
): void => {
  const old = simulation.living.get(id)
  if (!old) return
  remove(simulation, id)
  const changed = takeNumber(simulation)
  addToHot(simulation, { ...old, event: { ...old.event, ...parts }, changed })
}

/** A row of the hot part goes, any other one is dead. */
export const remove = (simulation: Simulation, id: number): void => {
  const { living, parts, version } = simulation
  const row = living.get(id)
  if (!row) return
  living.delete(id)
  for (const part of parts) if (part.rows.get(id) === row) bury(part, row, version)
}

const bury = (part: SimulatedPart, row: SimulatedRow, version: number): void => {
  const { id } = row.event
  if (part.state === 'hot') part.rows.delete(id)
  else part.dead.set(id, row)
  for (const entry of part.entries) if (entry.row === row && entry.gone === 0) entry.gone = version
}

const addToHot = (simulation: Simulation, row: SimulatedRow): void => {
  const hot = hotOf(simulation)
  hot.rows.set(row.event.id, row)
  hot.entries.push({ row, added: simulation.version, gone: 0 })
  simulation.living.set(row.event.id, row)
}

export const rollOver = (simulation: Simulation): void => {
  const hot = hotOf(simulation)
  hot.state = 'closed'
  simulation.parts.push(newPart(hot.number + 1))
}

/** Hides what matches from now on. What is covered stays where it is until `finish` or `done`. */
export const coverMatching = (
  simulation: Simulation,
  tenant: TenantId,
  filter: EventFilter,
): SimulatedJob => {
  const job = { id: takeNumber(simulation), tenant, filter, donePart: 0 }
  for (const [id, row] of simulation.living) {
    if (isCovered(job, row)) simulation.living.delete(id)
  }
  simulation.jobs.push(job)
  return job
}

const isCovered = (
  { id, tenant, filter }: SimulatedJob,
  { event, changed }: SimulatedRow,
): boolean => event.tenant === tenant && (changed ?? event.id) <= id && matchesEvent(filter, event)

/** The job has done its work in the parts up to this one. */
export const advance = (simulation: Simulation, job: SimulatedJob, donePart: number): void => {
  job.donePart = donePart
  for (const part of simulation.parts.filter(({ number }) => number <= donePart)) {
    for (const row of part.rows.values()) {
      if (isCovered(job, row) && !part.dead.has(row.event.id)) bury(part, row, simulation.version)
    }
  }
}

/** Nothing of the tenant is left in the part. */
export const leave = (simulation: Simulation, part: SimulatedPart, tenant: TenantId): void => {
  part.goneTenants.add(tenant)
  for (const [id, row] of part.rows) {
    if (row.event.tenant !== tenant) continue
    if (simulation.living.get(id) === row) simulation.living.delete(id)
    for (const entry of part.entries) {
      if (entry.row === row && entry.gone === 0) entry.gone = simulation.version
    }
  }
}
