import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { EventId } from '../../../../core/identity.ts'
import type { Result } from '../../../../core/failure.ts'
import { createStepClock, sampleTenant, valueOf } from '../../../../ports/event-samples.contract.ts'
import type { StepClock } from '../../../../ports/event-samples.contract.ts'
import type { EventStore } from '../../../../ports/event-store.ts'
import { openSqliteStores } from '../../open-stores.ts'
import { createRandom } from '../random-parts.fixture.ts'
import type { Random } from '../random-parts.fixture.ts'
import { deafMeter, throwProblem } from '../scratch-store.contract.ts'
import { sampleLoadEvent } from './sample-load-event.ts'
import type { Told } from './decode-told.ts'

/**
 * `node load-store-main.js <folder> <seed>`: works on the event store in the folder with everything that a store can be
 * asked, from several clients at once, closes and opens it again, and writes what was begun and what was answered
 * into the file `told` there. For a process whose system calls are watched.
 */
const [folder = '', seed = '1'] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const told = openSync(join(folder, 'told'), 'a')
let calls = 0

const clients = 4
const stepsOfClient = 45
const openings = 2
const partRows = 40

/** One after another makes its events, changes them and deletes them; nobody else touches them. */
type Client = {
  readonly name: string
  readonly store: EventStore
  readonly clock: StepClock
  readonly random: Random
  /** Of the events of the type of now: where they are stored. */
  readonly ids: Map<string, EventId>
  made: number
  generation: number
}

const tell = async (next: Told['next'], call: () => Promise<Result<unknown>>): Promise<void> => {
  calls += 1
  const number = calls
  const write = (is: Told['is']): void => {
    writeSync(told, `${JSON.stringify({ call: number, is, next } satisfies Told)}\n`)
  }
  write('begun')
  valueOf(await call())
  write('ok')
}

const newKey = (client: Client, kind = ''): string => {
  client.made += 1
  return `${client.name}${kind}${client.generation}-${client.made}`
}

const append = async (client: Client): Promise<void> => {
  const keys = Array.from({ length: 1 + client.random.below(20) }, () => newKey(client))
  const events = keys.map((key) => sampleLoadEvent(key))
  await tell(Object.fromEntries(keys.map((key) => [key, 'first'])), async () => {
    const result = await client.store.append(sampleTenant, events)
    valueOf(result).forEach(({ id }, at) => client.ids.set(keys[at] ?? '', id))
    return result
  })
}

const appendUnique = async (client: Client): Promise<void> => {
  const key = newKey(client)
  await tell({ [key]: 'first' }, async () => {
    const result = await client.store.appendUnique(sampleTenant, sampleLoadEvent(key))
    client.ids.set(key, valueOf(result).id)
    return result
  })
}

/** Of a type that is never swept, because nobody waits for it to be stored. */
const accept = async (client: Client): Promise<void> => {
  const key = newKey(client, 'later')
  await tell({ [key]: 'first' }, () => client.store.accept(sampleTenant, sampleLoadEvent(key)))
}

const pickKey = ({ ids, random }: Client): string | undefined =>
  [...ids.keys()][random.below(ids.size)]

const change = async (client: Client): Promise<void> => {
  const key = pickKey(client)
  const id = client.ids.get(key ?? '')
  if (key === undefined || id === undefined) return
  const text = `changed ${client.made} ${client.random.below(1_000)}`
  await tell({ [key]: text }, () => client.store.change(sampleTenant, id, { text, fragments: [] }))
}

const remove = async (client: Client): Promise<void> => {
  const key = pickKey(client)
  const id = client.ids.get(key ?? '')
  if (key === undefined || id === undefined) return
  client.ids.delete(key)
  await tell({ [key]: null }, () => client.store.delete(sampleTenant, id))
}

/** Everything of the type of now, from which later events are told apart by their type. */
const sweep = async (client: Client): Promise<void> => {
  const keys = [...client.ids.keys()]
  const type = `${client.name}${client.generation}`
  client.ids.clear()
  client.generation += 1
  await tell(Object.fromEntries(keys.map((key) => [key, null])), () =>
    client.store.deleteMatching(sampleTenant, { type }),
  )
}

const steps = [
  ...[append, append, append, append, append, appendUnique, appendUnique, appendUnique],
  ...[change, change, remove, remove, sweep, sweep],
  ...[append, appendUnique, append, change, remove, sweep, append, accept],
] as const

const work = async (client: Client): Promise<void> => {
  for (let step = 0; step < stepsOfClient; step += 1) {
    client.clock.setMs(client.clock.nowMs() + 1_000)
    await (steps[client.random.below(steps.length)] ?? append)(client)
  }
}

/** What is deleted leaves its parts, and they the folder, before the end. */
const untilDeleted = async (store: EventStore): Promise<void> => {
  while (valueOf(await store.listDeletions(sampleTenant)).length > 0) await setTimeout(1)
}

const random = createRandom(Number(seed))
const clock = createStepClock()
for (let opening = 0; opening < openings; opening += 1) {
  const stores = await openSqliteStores(
    { folder, partRows, logProblem: throwProblem },
    clock,
    deafMeter,
  )
  const names = Array.from({ length: clients }, (_, index) => `o${opening}c${index}g`)
  const working = names.map((name) =>
    work({ name, store: stores.events, clock, random, ids: new Map(), made: 0, generation: 0 }),
  )
  await Promise.all(working)
  await untilDeleted(stores.events)
  await stores.close()
}
