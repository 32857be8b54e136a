import { deadRowsSliceMax } from '../../../../core/limits.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
import type { Builds } from './builds.ts'
import type { Part } from '../tables/catalogue.ts'
import type { DeadRow } from '../head/dead-rows.ts'
import type { HeadPart } from '../head/head-part.ts'
import type { CoveredRows, JanitorTask, Matches } from '../between-threads/janitor-messages.ts'
import type { Job } from '../head/jobs.ts'
import { removeFromHot } from './remove-from-hot.ts'
import type { HotWalk } from './remove-from-hot.ts'
import type { StoreNumbers } from '../between-threads/store-numbers.ts'
import type { StoreState } from '../head/store-state.ts'

/**
 * Carries out deletions by filter, part after part in order of their numbers, tenants taking turns. For a sealed part
 * the janitor names the rows, which are listed as dead in slices. Where they are many, it writes the part anew without
 * them instead, if there is room for that. In the hot part rows are removed in slices. A job waits where a part is closed,
 * until it is sealed; when there is no room for its file, rows are removed there too, or nothing would ever make room.
 * What a job has not reached yet its row hides.
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
   * The janitor could not look through a part, or its new file is in force, or cannot be. When the part is still there, its
   * rows are named and listed after all, however many: there may be no room for the file next time either.
   */
  readonly ended: () => void
}

type Place = { readonly job: Job; readonly part: Part }

type Work = {
  readonly state: StoreState
  readonly numbers: StoreNumbers
  readonly builds: Pick<Builds, 'rowsListedMax' | 'rewriteWithout'>
  /** For whom the janitor was asked last. */
  lastTenant: number
  /** For whom the last step in the head was. */
  lastTenantInHead: number
  /** How far jobs have come beyond what the head says: parts that turned out to hold nothing of them. */
  readonly passed: Map<number, number>
  /** Parts that cannot be written anew without what the job covers, by job. */
  readonly kept: Map<number, number>
  /** Asked of the janitor. */
  asked: Place | undefined
  /** So much is covered that the part is to be written anew. */
  worn: Worn | undefined
  found: Found | undefined
  hot: HotWalk | undefined
}

type Worn = Place & { readonly coveredRows: number }

type Rows = Extract<Matches, { kind: 'rows' }>

/** By the janitor. From `at` on they are to be listed. */
type Found = Place & { readonly matches: Rows; readonly at: number }

export const createDeletions = (
  state: StoreState,
  numbers: StoreNumbers,
  builds: Pick<Builds, 'rowsListedMax' | 'rewriteWithout'>,
): Deletions => {
  const work: Work = {
    ...{ state, numbers, builds },
    lastTenant: 0,
    lastTenantInHead: 0,
    passed: new Map(),
    kept: new Map(),
    asked: undefined,
    worn: undefined,
    found: undefined,
    hot: undefined,
  }
  return {
    step: (isHeldBack) => (work.found ? listSlice(work, work.found) : stepJobs(work, isHeldBack)),
    isListing: () => work.found !== undefined,
    task: () => {
      if (work.found) return undefined
      const rewrite = rewriteTask(work)
      if (rewrite) return rewrite
      keepWorn(work)
      return matchTask(work)
    },
    receive: (matches) => receive(work, matches),
    ended: () => {
      work.asked = undefined
      keepWorn(work)
    },
  }
}

const matchTask = (work: Work): JanitorTask | undefined => {
  const place = nextPlaces(work).find(({ part }) => isSealed(part))
  work.asked = place
  if (!place) return undefined
  const { job, part } = place
  work.lastTenant = job.tenant
  const isKept = work.kept.get(job.id) === part.number
  const namedMax = isKept ? part.rows : work.builds.rowsListedMax(part)
  return { kind: 'match', part: part.number, covered: coveredBy(job), namedMax }
}

const coveredBy = ({ id, tenant, filter }: Job): CoveredRows => ({ job: id, tenant, filter })

/** Of the part as it is now: other rows may have died since it was looked through. */
const rewriteTask = ({ worn, state, builds }: Work): JanitorTask | undefined => {
  const now = worn && state.parts.catalogue().byNumber.get(worn.part.number)
  if (!now || !state.jobs.isRunning(worn.job.id)) return undefined
  return builds.rewriteWithout(now, coveredBy(worn.job), worn.coveredRows)
}

/** Its file was not made, or is of no use, unless the part is not there any more. */
const keepWorn = (work: Work): void => {
  const { worn, kept } = work
  work.worn = undefined
  if (worn && isThere(work, worn)) kept.set(worn.job.id, worn.part.number)
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

const end = ({ state, passed, kept }: Work, { tenant, id }: Job): void => {
  const { commit, jobs } = state
  passed.delete(id)
  kept.delete(id)
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
    work.found = { ...asked, matches, at: 0 }
    return
  }
  if (matches.kind === 'many') {
    work.worn = { ...asked, coveredRows: matches.rows }
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
const forgetEnded = ({ state, passed, kept }: Work): void => {
  const running = new Set(state.jobs.list().map(({ id }) => id))
  for (const parts of [passed, kept]) {
    for (const job of parts.keys()) if (!running.has(job)) parts.delete(job)
  }
}

/** The part may have gone, or the job. */
const isThere = ({ state }: Work, { job, part }: Place): boolean =>
  state.parts.catalogue().byNumber.has(part.number) && state.jobs.isRunning(job.id)

const listSlice = (work: Work, found: Found): boolean => {
  const { state } = work
  const { job, part, matches, at } = found
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
