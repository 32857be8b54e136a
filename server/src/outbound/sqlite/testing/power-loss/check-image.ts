import type { EventFilter } from '../../../../core/event-query.ts'
import type { StoredEvent } from '../../../../core/event.ts'
import { createStepClock, sampleTenant, valueOf } from '../../../../ports/event-samples.contract.ts'
import type { EventStore } from '../../../../ports/event-store.ts'
import { openSqliteStores } from '../../open-stores.ts'
import { deafMeter } from '../scratch-store.contract.ts'
import { findCutMerges } from '../find-cut-merges.ts'
import type { CutMerges } from '../find-cut-merges.ts'
import { verifyFolder } from '../verify-folder.ts'
import type { Expectation } from './expectation.ts'
import { dataOfKey, sampleLoadEvent, typeOfKey } from './sample-load-event.ts'

/** What was found in an image. */
export type CheckedImage = {
  /** A sentence for each promise that is not kept. */
  readonly problems: readonly string[]
  readonly cutMerges: CutMerges
}

/**
 * Starts a store on a data folder as a power cut may have left it. The promises: it opens, its parts are sound, every
 * event is what it may be and whole, counts equal lists, duplicates are refused, new events are taken in.
 */
export const checkImage = async (
  folder: string,
  expectation: Expectation,
): Promise<CheckedImage> => {
  const problems: string[] = []
  let cutMerges: CutMerges = { before: 0, after: 0 }
  try {
    const report = verifyFolder(folder, new Set())
    problems.push(...report.problems)
    cutMerges = findCutMerges(folder, report.sealed)
    const logProblem = (message: string, cause: string): void => {
      problems.push(`${message}: ${cause}`)
    }
    const config = { folder, partRows: 40, readers: 1, logProblem }
    const { events, close } = await openSqliteStores(config, createStepClock(), deafMeter)
    try {
      problems.push(...(await checkStore(events, expectation)))
    } finally {
      await close()
    }
  } catch (error) {
    problems.push(`it is not usable: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { problems, cutMerges }
}

const checkStore = async (
  store: EventStore,
  expectation: Expectation,
): Promise<readonly string[]> => {
  const events = await listAll(store)
  return [
    ...compareWith(expectation, events),
    ...(await checkCounts(store, events)),
    ...(await checkDuplicates(store, expectation, events)),
    ...(await checkNew(store)),
  ]
}

const pageSize = 1_000

const listAll = async (store: EventStore): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = []
  for (;;) {
    const page = valueOf(
      await store.readPage(sampleTenant, {
        filter: {},
        order: 'oldest-first',
        position: { from: 'start', skip: events.length },
        size: pageSize,
      }),
    )
    events.push(...page.events)
    if (!page.more) return events
  }
}

const dataOf = ({ fragments }: StoredEvent): string =>
  fragments.find(({ name }) => name === 'data')?.value ?? ''

const keyOf = (event: StoredEvent): string => /"key":"([^"]*)"/.exec(dataOf(event))?.[1] ?? ''

const compareWith = (
  expectation: Expectation,
  events: readonly StoredEvent[],
): readonly string[] => {
  const found = new Map(events.map((event) => [keyOf(event), event]))
  const torn = events.filter(
    (event) => dataOf(event) !== dataOfKey(keyOf(event)) || event.type !== typeOfKey(keyOf(event)),
  )
  const wrong = [...expectation]
    .map(([key, possible]) => ({ key, possible, is: found.get(key)?.text ?? null }))
    .filter(({ possible, is }) => !possible.includes(is))
  return [
    ...(found.size === events.length ? [] : ['an event is there twice']),
    ...torn.map(({ id }) => `event ${id} is torn`),
    ...wrong.map(
      ({ key, possible, is }) => `${key} is ${is ?? 'gone'}, may be ${String(possible)}`,
    ),
    ...[...found.keys()]
      .filter((key) => !expectation.has(key))
      .map((key) => `${key} was never asked for`),
  ]
}

type Group = { readonly filter: EventFilter; readonly has: (event: StoredEvent) => boolean }

/** Of all, and of each source and type. */
const checkCounts = async (
  store: EventStore,
  events: readonly StoredEvent[],
): Promise<readonly string[]> => {
  const sources = new Set(events.map(({ source }) => source))
  const types = new Set(events.map(({ type }) => type))
  const groups: readonly Group[] = [
    { filter: {}, has: () => true },
    ...[...sources].map((source) => ({
      filter: { sources: [source] },
      has: (event: StoredEvent) => event.source === source,
    })),
    ...[...types].map((type) => ({
      filter: { type },
      has: (event: StoredEvent) => event.type === type,
    })),
  ]
  const problems: string[] = []
  for (const { filter, has } of groups) {
    const listed = events.filter(has).length
    const counted = valueOf(await store.count(sampleTenant, filter))
    if (counted !== listed) {
      problems.push(`${JSON.stringify(filter)}: ${counted} counted, ${listed} listed`)
    }
  }
  return problems
}

const duplicatesTried = 60

const checkDuplicates = async (
  store: EventStore,
  expectation: Expectation,
  events: readonly StoredEvent[],
): Promise<readonly string[]> => {
  const some = events.filter((event) => expectation.has(keyOf(event))).slice(-duplicatesTried)
  const tried = some.map(async (event) => {
    const again = valueOf(await store.appendUnique(sampleTenant, sampleLoadEvent(keyOf(event))))
    const isRefused = again.outcome === 'duplicate' && again.id === event.id
    return isRefused ? [] : [`${keyOf(event)} is not refused as ${event.id}, but ${again.outcome}`]
  })
  return (await Promise.all(tried)).flat()
}

const checkNew = async (store: EventStore): Promise<readonly string[]> => {
  const before = valueOf(await store.count(sampleTenant, {}))
  const added = Array.from({ length: 50 }, (_, index) => sampleLoadEvent(`new-${index}`))
  valueOf(await store.append(sampleTenant, added))
  const after = valueOf(await store.count(sampleTenant, {}))
  return after === before + added.length ? [] : [`${before} and ${added.length} make ${after}`]
}
