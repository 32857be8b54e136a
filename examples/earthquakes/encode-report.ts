import { isDeepStrictEqual } from 'node:util'
import type { Answer } from './belfry.ts'
import type { Earthquake } from './decode-earthquakes.ts'
import { severityOf } from './encode-earthquake.ts'
import type { Sent } from './encode-earthquake.ts'
import { digitsOf } from './exact-json.ts'
import type { ReadEvent } from './read-events.ts'

/** One earthquake, how it was sent, and what the server said to it. */
export type Delivery = Sent & {
  readonly quake: Earthquake
  readonly dialect: 'Cumulocity' | 'tenant-device'
  readonly answer: Answer
}

export type Report = { readonly text: string; readonly allIsWell: boolean }

/** Compares what was sent with what is there, and says so in a few lines. */
export const encodeReport = (
  deliveries: readonly Delivery[],
  read: readonly ReadEvent[],
  again: readonly Answer[],
): Report => {
  const byId = new Map(read.map(({ id, members }) => [id, members]))
  const created = deliveries.filter(({ answer }) => answer.status === 201)
  const equal = created.filter(({ answer, stored }) =>
    isDeepStrictEqual(byId.get(idIn(answer.location)), stored),
  )
  const retried = deliveries.filter(({ dialect }) => dialect === 'tenant-device')
  const recognised = retried.filter(({ answer }, index) => {
    const second = again[index]
    return second?.status === 409 && second.location === answer.location
  })
  const unlike = created.find((delivery) => !equal.includes(delivery))
  return {
    text: [
      ...describeCatalogue(deliveries),
      ...describeDialect('Cumulocity', deliveries),
      ...describeDialect('tenant-device', deliveries),
      `  severity ${describeSeverities(retried)}`,
      `read back through the Cumulocity dialect: ${read.length}, of them equal in every field: ${equal.length}`,
      `  compared: ${describeLeaves(equal)}`,
      `sent again through the tenant-device dialect: ${retried.length}, answered 409 with the Location of the first: ${recognised.length}`,
      ...describeDifference(unlike, byId),
    ].join('\n'),
    allIsWell:
      equal.length === deliveries.length &&
      read.length === deliveries.length &&
      recognised.length === retried.length,
  }
}

const idIn = (location: string): string => location.split('/').at(-1) ?? ''

const describeCatalogue = (deliveries: readonly Delivery[]): readonly string[] => {
  const times = deliveries.map(({ quake }) => quake.timeMs)
  const networks = countBy(deliveries, ({ quake }) => quake.network)
  return [
    `${deliveries.length} earthquakes from ${toDate(Math.min(...times))} to ${toDate(Math.max(...times))}`,
    `  located by ${networks.length} networks: ${networks.map(encodeCount).join(', ')}`,
  ]
}

const toDate = (ms: number): string => new Date(ms).toISOString()

const describeDialect = (
  dialect: Delivery['dialect'],
  deliveries: readonly Delivery[],
): readonly string[] => {
  const sent = deliveries.filter((delivery) => delivery.dialect === dialect)
  const answers = countBy(sent, ({ answer }) => String(answer.status))
  const said = answers.map(([status, count]) => `${count} times ${status}`).join(', ')
  return [`sent through the ${dialect} dialect: ${sent.length}, answered ${said}`]
}

const describeSeverities = (deliveries: readonly Delivery[]): string =>
  countBy(deliveries, ({ quake }) => String(severityOf(quake)))
    .map(encodeCount)
    .join(', ')

const encodeCount = ([name, count]: readonly [string, number]): string => `${name}: ${count}`

const countBy = (
  deliveries: readonly Delivery[],
  nameOf: (delivery: Delivery) => string,
): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const delivery of deliveries) {
    const name = nameOf(delivery)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([left], [right]) => (left < right ? -1 : 1))
}

/** What stands at the ends of the compared events, so that nobody compares nothing unnoticed. */
const describeLeaves = (deliveries: readonly Delivery[]): string => {
  const leaves = deliveries.flatMap(({ stored }) => listLeaves(stored))
  const numbers = leaves.flatMap((leaf) => digitsOf(leaf) ?? [])
  const nulls = leaves.filter((leaf) => leaf === null)
  const digits = numbers.reduce((sum, number) => sum + number.replace(/\D/g, '').length, 0)
  return `${leaves.length} values, ${nulls.length} of them null, ${numbers.length} numbers with ${digits} digits`
}

const listLeaves = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(listLeaves) : [value]

const describeDifference = (
  unlike: Delivery | undefined,
  byId: ReadonlyMap<string, unknown>,
): readonly string[] =>
  unlike === undefined
    ? []
    : [
        `sent:  ${JSON.stringify(unlike.stored)}`,
        `found: ${JSON.stringify(byId.get(idIn(unlike.answer.location)))}`,
      ]
