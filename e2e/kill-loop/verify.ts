import { expectStatus, memberOf } from '../api.ts'
import type { Target } from './target.ts'
import { reportPath } from './client.ts'
import { absent, isSame, withText } from './ledger.ts'
import type { Entry, EventState, Ledger } from './ledger.ts'

/** An event as the server shows it after a restart. */
type Shown = { readonly id: string; readonly text: string; readonly whole: boolean }

/**
 * Compares everything the server has with everything its clients were told: each acknowledged event is there exactly
 * once with its last acknowledged text, each acknowledged deletion is in force, what was never answered is either
 * wholly there or not at all, and receipts have settled. Then sends every report again: no second event.
 * Answers a line for each difference.
 */
export const verifyLedger = async (target: Target, ledger: Ledger): Promise<readonly string[]> => {
  const settled = await Promise.all(
    [...ledger.entries.values()].map((entry) => settleReceipt(target, entry)),
  )
  const { shown, listed } = await listShown(target)
  const problems = [
    ...settled.flat(),
    ...[...ledger.entries.values()].flatMap((entry) => compare(entry, shown.get(entry.marker))),
    ...[...shown.keys()]
      .filter((marker) => !ledger.entries.has(marker))
      .map((marker) => `${marker}: nobody sent it`),
  ]
  return [
    ...problems,
    ...(await checkCount(target, listed)),
    ...(await checkCancelled(target, ledger)),
    ...(await sendAgain(target, ledger)),
  ]
}

/** Whatever a deletion was at when it was cancelled or cut. */
const checkCount = async (target: Target, listed: number): Promise<readonly string[]> => {
  const path = '/event/events?pageSize=1&withTotalElements=true'
  const counted = memberOf(await readJson(target, path), 'statistics', 'totalElements')
  return counted === listed ? [] : [`${String(counted)} events counted, ${listed} listed`]
}

const checkCancelled = async (
  target: Target,
  { cancelled }: Ledger,
): Promise<readonly string[]> => {
  const jobs = await readJson(target, `/belfry/v1/tenants/${target.tenant}/jobs`)
  const again = listOf(jobs, 'jobs').flatMap((job) => textOf(job, 'id') ?? [])
  return again.filter((id) => cancelled.has(id)).map((id) => `deletion ${id} was cancelled`)
}

const readJson = async (target: Target, path: string): Promise<unknown> => {
  const { authorization } = target
  return (await expectStatus(target, 200, 'GET', path, { authorization })).body
}

const settleReceipt = async (target: Target, entry: Entry): Promise<readonly string[]> => {
  if (entry.receipt === undefined) return []
  const path = `/rest/v1/api/tenants/${target.tenant}/receipts/${entry.receipt}`
  const answer = await fetch(`${target.url}${path}`, { headers: { 'x-api-key': target.apiKey } })
  const body: unknown = await answer.json()
  const status = textOf(body, 'status')
  if (status !== 'stored' && status !== 'duplicate') {
    return [`${entry.marker}: its receipt reads ${answer.status} ${status ?? ''}`]
  }
  entry.receipt = undefined
  return []
}

type Listed = { readonly shown: ReadonlyMap<string, readonly Shown[]>; readonly listed: number }

const listShown = async (target: Target): Promise<Listed> => {
  const shown = new Map<string, Shown[]>()
  let listed = 0
  let next: string | undefined = `${target.url}/event/events?pageSize=2000&revert=true`
  while (next !== undefined) {
    const answer: Response = await fetch(next, {
      headers: { authorization: target.authorization, accept: 'application/json' },
    })
    if (answer.status !== 200) throw new Error(`the list answers ${answer.status}`)
    const page: unknown = await answer.json()
    listed += listOf(page, 'events').length
    for (const event of listOf(page, 'events')) {
      const marker = textOf(event, 'marker') ?? textOf(valueOf(event, 'data'), 'marker')
      if (marker !== undefined) shown.set(marker, [...(shown.get(marker) ?? []), toShown(event)])
    }
    next = textOf(page, 'next')
  }
  return { shown, listed }
}

const toShown = (event: unknown): Shown => {
  const load = valueOf(event, 'load') ?? valueOf(event, 'data')
  const list = JSON.stringify(valueOf(load, 'list'))
  return {
    id: textOf(event, 'id') ?? '',
    text: textOf(event, 'text') ?? '',
    whole: list === '[1,null,"x"]' && textOf(event, 'time') !== undefined,
  }
}

const compare = (entry: Entry, found: readonly Shown[] = []): readonly string[] => {
  const { marker, possible } = entry
  if (found.length > 1) return [`${marker}: there ${found.length} times`]
  const [only] = found
  const state: EventState = only === undefined ? absent : withText(only.text)
  if (only && !only.whole) return [`${marker}: half-written`]
  if (!possible.some((each) => isSame(each, state))) {
    return [`${marker}: is ${JSON.stringify(state)}, may be ${JSON.stringify(possible)}`]
  }
  if (only && entry.id !== undefined && only.id !== entry.id) {
    return [`${marker}: was ${entry.id}, is ${only.id}`]
  }
  entry.possible = [state]
  if (only) entry.id = only.id
  return []
}

/** Every report that is there is refused as a duplicate, whatever has been changed since. */
const sendAgain = async (target: Target, ledger: Ledger): Promise<readonly string[]> => {
  const problems: string[] = []
  const reports = [...ledger.entries.values()].filter(
    ({ dialect, possible }) => dialect === 'tenant-device' && possible[0]?.present === true,
  )
  for (const entry of reports.slice(-reportsSentAgainMax)) {
    const answer = await fetch(`${target.url}${reportPath(target, entry.device)}`, {
      method: 'POST',
      headers: { 'x-api-key': target.apiKey, 'content-type': 'application/json' },
      body: entry.body,
    })
    await answer.arrayBuffer()
    const id = answer.headers.get('location')?.split('/').at(-1)
    if (answer.status !== 409 || id !== entry.id) {
      problems.push(`${entry.marker}: sent again it answers ${answer.status}, ${id ?? 'no id'}`)
    }
  }
  return problems
}

/** Enough to cover the last round; older ones were sent again in theirs. */
const reportsSentAgainMax = 100

const valueOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const textOf = (value: unknown, name: string): string | undefined => {
  const text = valueOf(value, name)
  return typeof text === 'string' ? text : undefined
}

const listOf = (value: unknown, name: string): readonly unknown[] => {
  const list = valueOf(value, name)
  return Array.isArray(list) ? list : []
}
