import { decodeEventList } from '../decode-answer.ts'
import { createReports, frequentWord, rareWords, sourceCount } from '../event-bodies.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { appendRows } from '../rivals/append-rows.ts'
import type { Appended, TextIndex } from '../rivals/append-rows.ts'
import { readRunOptions } from '../run-options.ts'
import { median } from '../statistics.ts'

const roundCount = 3
const rawRows = 200_000
const pageSize = 100

const options = readRunOptions()
const fleet = await openFleet(options, options.events)

// What an index costs, with nothing else around it.

const indexes: readonly (readonly [string, TextIndex | undefined])[] = [
  ['rows without an index', undefined],
  ['with FTS5 of their text', 'places'],
  ['with FTS5, detail=none', 'words'],
  ['with FTS5 of trigrams, detail=none', 'trigrams'],
]
const appended = new Map<string, Appended[]>(indexes.map(([name]) => [name, []]))
for (let round = 0; round < roundCount; round += 1) {
  for (const [name, index] of indexes) {
    const sources = fleet.sources.slice(0, sourceCount)
    const nextReport = createReports({ seed: 7_200, sources })
    const one = await appendRows(Array.from({ length: rawRows }, nextReport), index)
    appended.get(name)?.push(one)
    console.log(`round ${round + 1}, ${name}: ${figure(one.rowsPerSecond)} rows/s`)
  }
}
const appendedOf = (name: string): readonly Appended[] => appended.get(name) ?? []
const [plainName] = indexes[0] ?? ['']
const plain = appendedOf(plainName)
const costs = indexes.map(([name]) => ({
  name,
  rowsPerSecond: median(appendedOf(name).map(({ rowsPerSecond }) => rowsPerSecond)),
  bytesPerRow: median(appendedOf(name).map(({ bytesPerRow }) => bytesPerRow)),
  ratio: median(
    appendedOf(name).map(
      ({ rowsPerSecond }, round) => rowsPerSecond / (plain[round]?.rowsPerSecond ?? rowsPerSecond),
    ),
  ),
}))
const plainBytes = costs[0]?.bytesPerRow ?? 0

// How long the search takes that needs none.

type Search = {
  readonly name: string
  readonly filter: (index: number) => Readonly<Record<string, string>>
  readonly count: number
}

const rareWord = (index: number): string => rareWords[index % rareWords.length] ?? ''
const searches: readonly Search[] = [
  { name: 'a word of nearly all events', filter: () => ({ text: frequentWord }), count: 30 },
  { name: 'two words of 0.1 %', filter: (index) => ({ text: `Door ${500 + index}` }), count: 15 },
  { name: 'a word of 0.01 %', filter: (index) => ({ text: rareWord(index) }), count: 8 },
  { name: 'a word of none', filter: () => ({ text: 'nobody' }), count: 3 },
  {
    name: 'a word of none, with a source',
    filter: (index) => ({ text: 'nobody', source: fleet.sources[index * 7] ?? '' }),
    count: 30,
  },
]

const server = await startOnCopy(fleet)
const client = createHttpClient(server.url)

type Searched = {
  readonly name: string
  readonly tookMs: readonly number[]
  /** Events on each page. */
  readonly found: readonly number[]
  /** Searches that the server ended, because they took too long. */
  readonly givenUp: number
}

const search = async ({ name, filter, count }: Search): Promise<Searched> => {
  const tookMs: number[] = []
  const found: number[] = []
  let givenUp = 0
  for (let index = 0; index < count; index += 1) {
    const query = new URLSearchParams({ ...filter(index), pageSize: String(pageSize) })
    const beginMs = performance.now()
    const path = `/event/events?${query.toString()}`
    const { status, body } = await client.send({ method: 'GET', path })
    tookMs.push(performance.now() - beginMs)
    if (status === 200) found.push(decodeEventList(body).events.length)
    else if (status === 422) givenUp += 1
    else throw new Error(`GET ${path} answered ${status}`)
  }
  console.log(`${name}: ${figure(median(tookMs))} ms`)
  return { name, tookMs, found, givenUp }
}

const found: Searched[] = []
for (const each of searches) found.push(await search(each))
client.close()
await server.stop()

printMeasurement({
  name: 'text-search',
  about: `what an FTS5 index of the text costs, external content, in the same commits: ${rawRows.toLocaleString('en')} rows appended with better-sqlite3 in the measuring process, synchronous FULL, 500 a commit, with and without it, ${roundCount} rounds in turn; and how long \`text=\` takes without one over HTTP, the first page of ${pageSize} among ${fleet.events.toLocaleString('en')} events, otherwise idle. Belfry finds words by any part of them, of which only the index of trigrams is able`,
  columns: [
    ...['', 'rows/s', 'of without', 'bytes a row', 'bytes for it'],
    ...['median ms', 'worst ms', 'events found', 'given up'],
  ],
  rows: [
    ...costs.map(({ name, rowsPerSecond, ratio, bytesPerRow }) => [
      ...[name, figure(rowsPerSecond), figure(ratio), figure(bytesPerRow)],
      ...[figure(bytesPerRow - plainBytes), '', '', '', ''],
    ]),
    ...found.map(({ name, tookMs, found: events, givenUp }) => [
      ...[name, '', '', '', '', figure(median(tookMs)), figure(Math.max(...tookMs))],
      ...[events.length === 0 ? '' : String(median(events)), `${givenUp} of ${tookMs.length}`],
    ]),
  ],
  figures: {
    events: fleet.events,
    ...Object.fromEntries(costs.map(({ name, ratio }) => [`${name}: rate ratio`, ratio])),
    ...Object.fromEntries(
      costs.map(({ name, bytesPerRow }) => [`${name}: bytes`, bytesPerRow - plainBytes]),
    ),
    ...Object.fromEntries(found.map(({ name, tookMs }) => [`${name}: median ms`, median(tookMs)])),
  },
  targets: [],
})
