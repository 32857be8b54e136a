import { listOf, memberOf, request, textOf } from '../api.ts'
import { absent, isSame, withText } from './ledger.ts'
import type { Entry, EventState, Ledger } from './ledger.ts'
import type { Target } from './target.ts'

/** What events of one type might be before the deletion that has been asked for. */
export type Doomed = {
  readonly type: string
  readonly entries: readonly Entry[]
  readonly before: readonly (readonly EventState[])[]
}

/**
 * Cancels the running deletion of a type, if it still runs. Until there is an answer each event may be gone or there
 * as before; then it is what the server shows, for good. Throws when that is neither.
 */
export const cancelDeletion = async (
  target: Target,
  ledger: Ledger,
  { type, entries, before }: Doomed,
): Promise<void> => {
  const call = { authorization: target.authorization }
  const jobs = `/belfry/v1/tenants/${target.tenant}/jobs`
  const { body } = await request(target, 'GET', jobs, call)
  const job = listOf(body, 'jobs').find((each) => memberOf(each, 'filter', 'type') === type)
  if (job === undefined || entries.length > pageSize) return
  for (const [at, entry] of entries.entries()) entry.possible = [absent, ...(before[at] ?? [])]
  const { status } = await request(target, 'DELETE', `${jobs}/${textOf(job, 'id')}`, call)
  if (status === 503 || status === 507) return
  if (status === 404) {
    for (const entry of entries) entry.possible = [absent]
    return
  }
  if (status !== 204) throw new Error(`cancelling a deletion answers ${status}`)
  ledger.acknowledged += 1
  ledger.cancelled.add(textOf(job, 'id'))
  await settle(target, ledger, type, entries)
}

const pageSize = 2_000

const settle = async (
  target: Target,
  ledger: Ledger,
  type: string,
  entries: readonly Entry[],
): Promise<void> => {
  const path = `/event/events?type=${type}&pageSize=${pageSize}`
  const { status, body } = await request(target, 'GET', path, {
    authorization: target.authorization,
  })
  if (status !== 200) throw new Error(`the list after a cancelled deletion answers ${status}`)
  const shown = new Map(listOf(body, 'events').map((event) => [markerOf(event), event]))
  if (shown.size !== listOf(body, 'events').length) throw new Error(`${type}: there twice`)
  for (const entry of entries) {
    const event = shown.get(entry.marker)
    const state = event === undefined ? absent : withText(textOf(event, 'text'))
    if (!entry.possible.some((each) => isSame(each, state))) {
      throw new Error(`${entry.marker}: is ${JSON.stringify(state)} after a cancelled deletion`)
    }
    entry.possible = [state]
    if (state.present) ledger.spared += 1
  }
}

const markerOf = (event: unknown): unknown =>
  memberOf(event, 'marker') ?? memberOf(event, 'data', 'marker')
