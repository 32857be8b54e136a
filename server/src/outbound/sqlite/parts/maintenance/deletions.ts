import { deadRowsSliceMax } from '../../../../core/limits.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
import type { Builds } from './builds.ts'
import type { Part } from '../tables/catalogue.ts'
import type { DeadRow } from '../head/dead-rows.ts'
import type { HeadPart } from '../head/head-part.ts'
import type { JanitorTask, Matches } from '../between-threads/janitor-messages.ts'
import type { Job } from '../head/jobs.ts'
import { removeFromHot } from './remove-from-hot.ts'
import type { HotWalk } from './remove-from-hot.ts'
import type { StoreNumbers } from '../between-threads/store-numbers.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * Carries out deletions by filter, part after part in order of their numbers, tenants taking turns. For a sealed part
 * the janitor names the rows. Where they are many, it then writes the part anew without them, if there is room for
 * that; otherwise they are listed as dead in slices. In the hot part rows are removed in slices. A job waits where a part is closed, until it is sealed; when there is no room for its file, rows are removed there too,
 * or nothing would ever make room. What a job has not reached yet its row hides.
 */
export type Deletions = {
  /** One slice; false when there is nothing to do right now. Closed parts are waited for unless they are held back. */
  readonly step: (isHeldBack: boolean) => boolean
  /** Whether the next step is a slice of a list. */
  readonly isListing: () => boolean
  /** What the janitor is to do for a job that has come to a sealed part. */
  readonly task: () => JanitorTask | undefined
  readonly receive: (matches: Matches) => void
  /**
   * The janitor could not look through a part, or its new file is in force, or cannot be. What was found in a part that is
   * still there is listed then and not looked for anew: there may be no room for the file next time either.
   */
  readonly ended: () => void
}

type Place = { readonly job: Job; readonly part: Part }

type Work = {
  readonly state: StoreState
  readonly numbers: StoreNumbers
  readonly builds: Pick<Builds, 'isWornWithout' | 'rewriteWithout'>
  /** For whom the janitor was asked last. */
  lastTenant: number
  /** For whom the last step in the head was. */
  lastTenantInHead: number
  /** How far jobs have come beyond what the head says: parts that turned out to hold nothing of them. */
  readonly passed: Map<number, number>
  /** Asked of the janitor. */
  asked: Place | undefined
  found: Found | undefined
  hot: HotWalk | undefined
}

type Rows = Extract<Matches, { kind: 'rows' }>

/** By the janitor. From `at` on they are to be listed; undefined while a new file may do without. */
type Found = Place & { readonly matches: Rows; readonly at: number | undefined }

export const createDeletions = (
  state: StoreState,
  numbers: StoreNumbers,
  builds: Pick<Builds, 'isWornWithout' | 'rewriteWithout'>,
): Deletions => {
  const work: Work = {
    ...{ state, numbers, builds },
    lastTenant: 0,
    lastTenantInHead: 0,
    passed: new Map(),
    asked: undefined,
    found: undefined,
    hot: undefined,
  }
  return {
    step: (isHeldBack) => {
      const { found } = work
      if (found?.at === undefined) return stepJobs(work, isHeldBack)
      return listSlice(work, found, found.at)
    },
    isListing: () => work.found?.at !== undefined,
    task: () => {
      const { found } = work
      if (!found) return matchTask(work)
      if (found.at !== undefined) return undefined
      const rewrite = rewriteTask(work, found)
      if (!rewrite) work.found = { ...found, at: 0 }
      return rewrite
    },
    receive: (matches) => receive(work, matches),
    ended: () => {
      const { found } = work
      work.asked = undefined
      work.found = found && isThere(work, found) ? { ...found, at: 0 } : undefined
    },
  }
}

const matchTask = (work: Work): JanitorTask | undefined => {
  const place = nextPlaces(work).find(({ part }) => isSealed(part))
  work.asked = place
  if (!place) return undefined
  const { job, part } = place
  work.lastTenant = job.tenant
  const { tenant, filter } = job
  return { kind: 'match', part: part.number, tenant, filter, changedMax: job.id }
}

/** Of the part as it is now: other rows may have died since these were found. */
const rewriteTask = (work: Work, { job, part, matches }: Found): JanitorTask | undefined => {
  const now = work.state.parts.catalogue().byNumber.get(part.number)
  if (!now || !work.state.jobs.isRunning(job.id)) return undefined
  return work.builds.rewriteWithout(now, { job: job.id, ids: matches.ids })
}

const isSealed = ({ state }: Part): boolean => state === 'sealed'

/** Where each running job goes on, in turn; some have ended. */
const nextPlaces = (work: Work): readonly Place[] =>
  inTurn(work.state.jobs.list(), work.lastTenant).flatMap((job) => {
    const part = nextPart(work, job)
    return part ? [{ job, part }] : []
  })

/** Running jobs: those of the tenant that has waited longest first, oldest first. */
const inTurn = (jobs: readonly Job[], lastTenant: number): readonly Job[] => {
  const byTenant = jobs.toSorted((left, right) => left.tenant - right.tenant)
  return [
    ...byTenant.filter(({ tenant }) => tenant > lastTenant),
    ...byTenant.filter(({ tenant }) => tenant <= lastTenant),
  ]
}

/** Parts that can hold nothing of the job are passed over. */
const nextPart = (
  { state, passed }: Work,
  { tenant, filter, donePart, id }: Job,
): Part | undefined =>
  state.parts
    .catalogue()
    .parts.find(
      (part) =>
        part.number > Math.max(donePart, passed.get(id) ?? 0) &&
        !holdsNothingOf(part, { tenant, id }) &&
        !isCreatedOutside(part, filter),
    )

/** The one range that the catalogue knows of all rows. */
const isCreatedOutside = (part: Part, { creation = {} }: EventFilter): boolean => {
  const { fromMs = -Infinity, toMs = Infinity } = creation
  return isSealed(part) && (part.maxCreationMs < fromMs || part.minCreationMs >= toMs)
}

/** Whether the catalogue alone says that the part has no row that the job covers. */
export const holdsNothingOf = (part: Part, { tenant, id }: Pick<Job, 'tenant' | 'id'>): boolean =>
  isSealed(part) && (part.goneTenants.has(tenant) || part.minId > id)

const stepJobs = (work: Work, isHeldBack: boolean): boolean => {
  const { state, numbers } = work
  const jobs = state.jobs.list()
  numbers.set('runningDeletions', jobs.length)
  // A walk through a part is not left in the middle, because only one is remembered.
  const walking = jobs.filter(({ id }) => id === work.hot?.job)
  for (const job of [...walking, ...inTurn(jobs, work.lastTenantInHead)]) {
    if (!stepJob(work, job, isHeldBack)) continue
    work.lastTenantInHead = job.tenant
    return true
  }
  return false
}

/** False when it waits for the janitor. */
const stepJob = (work: Work, job: Job, isHeldBack: boolean): boolean => {
  const part = nextPart(work, job)
  if (part === undefined) {
    end(work, job)
    return true
  }
  const rows = headPartOf(work.state, part, isHeldBack)
  if (rows) removeSlice(work, { job, part }, rows)
  return rows !== undefined
}

/** The part whose rows can be removed from the head now. */
const headPartOf = (
  { parts }: StoreState,
  { number }: Part,
  isHeldBack: boolean,
): HeadPart | undefined =>
  [parts.hot(), ...(isHeldBack ? parts.closed() : [])].find((part) => part.number === number)

const end = ({ state, passed }: Work, { tenant, id }: Job): void => {
  const { commit, jobs } = state
  passed.delete(id)
  commit(() => {
    jobs.remove(tenant, id)
  })
}

const removeSlice = (work: Work, { job, part }: Place, rows: HeadPart): void => {
  const { commitUnsynced, jobs, counter } = work.state
  const isSameWalk = work.hot?.job === job.id && work.hot.part === part.number
  const walk = isSameWalk && work.hot ? work.hot : { job: job.id, part: part.number, at: 0 }
  const slice = commitUnsynced(() => {
    const done = removeFromHot(rows, { job, walk, version: counter.version() })
    const donePart = done.isEnd ? { donePart: part.number } : {}
    jobs.advance(job.id, { ...donePart, removed: done.removed })
    return done
  })
  work.numbers.add('removedEvents', slice.removed)
  work.hot = slice.isEnd ? undefined : { ...walk, at: slice.at }
}

const receive = (work: Work, matches: Matches): void => {
  const { asked, state } = work
  work.asked = undefined
  if (!asked) throw new Error('the janitor answers what it was asked')
  // Cancelled meanwhile: nothing of it is remembered.
  if (!state.jobs.isRunning(asked.job.id)) return
  if (matches.kind === 'rows' && matches.ids.length === 0) {
    forgetEnded(work)
    work.passed.set(asked.job.id, asked.part.number)
    return
  }
  if (matches.kind === 'rows') {
    const isWorn = work.builds.isWornWithout(asked.part, matches.ids.length)
    work.found = { ...asked, matches, at: isWorn ? undefined : 0 }
    return
  }
  // It may have gone with the last of its rows.
  if (!state.parts.catalogue().byNumber.has(asked.part.number)) return
  const { commit, dead, jobs, counter } = state
  const { job, part } = asked
  const removed = commit(() => {
    const rows = livingRows(state, part.number, job.tenant)
    dead.addTenant(part.number, job.tenant, rows, counter.version())
    jobs.advance(job.id, { donePart: part.number, removed: rows })
    counter.changeCatalogue()
    return rows
  })
  work.numbers.add('removedEvents', removed)
}

/** Some may have died since the janitor looked. */
const livingRows = ({ connections, dead }: StoreState, part: number, tenant: number): number => {
  const all = connections.prepare(part, 'select rows from tenant_rollup where tenant = ?')
  return Number(all.pluck().get(tenant) ?? 0) - dead.rowsOf(part, tenant)
}

/** Jobs that were cancelled. */
const forgetEnded = ({ state, passed }: Work): void => {
  const running = new Set(state.jobs.list().map(({ id }) => id))
  for (const job of passed.keys()) if (!running.has(job)) passed.delete(job)
}

/** The part may have gone, or the job. */
const isThere = ({ state }: Work, { job, part }: Place): boolean =>
  state.parts.catalogue().byNumber.has(part.number) && state.jobs.isRunning(job.id)

const listSlice = (work: Work, found: Found, at: number): boolean => {
  const { state } = work
  const { job, part, matches } = found
  const to = Math.min(at + deadRowsSliceMax, matches.ids.length)
  const isEnd = to === matches.ids.length
  work.found = undefined
  if (!isThere(work, found)) return true
  const { commitUnsynced, dead, jobs, counter } = state
  const removed = commitUnsynced(() => {
    const rows = deadRows(job.tenant, matches, at, to)
    const added = dead.add(part.number, rows, counter.version())
    jobs.advance(job.id, { ...(isEnd ? { donePart: part.number } : {}), removed: added })
    if (added > 0) counter.changeCatalogue()
    return added
  })
  work.numbers.add('removedEvents', removed)
  if (!isEnd) work.found = { ...found, at: to }
  return true
}

function* deadRows(
  tenant: number,
  { ids, times, sources, types, shapes }: Rows,
  from: number,
  to: number,
): Generator<DeadRow> {
  for (let at = from; at < to; at += 1) {
    yield {
      tenant,
      timeMs: times[at] ?? 0,
      id: ids[at] ?? 0,
      source: sources[at] ?? 0,
      type: types[at] ?? 0,
      shape: shapes[at] ?? 0,
    }
  }
}
