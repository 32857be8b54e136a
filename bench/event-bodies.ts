import { createRandom } from '../e2e/random.ts'
import type { Random } from '../e2e/random.ts'

/** What an event of the load says, before a dialect gives it a form. */
export type Report = {
  readonly source: string
  readonly type: string
  readonly text: string
  readonly timeMs: number
  readonly data: Readonly<Record<string, unknown>>
  /** Name of a second fragment, which few events have. */
  readonly note: string | undefined
}

export type ReportOptions = {
  readonly seed: number
  readonly sources: readonly string[]
  /** When the first report is made, about; `firstTimeMs` unless given. */
  readonly beginMs?: number
  /** Time from one report to the next one of all sources together. */
  readonly stepMs?: number
}

export const sourceCount = 5_000

/** One report of a hundred is of `rareType`; the others have one of 39 types. */
export const typeCount = 40
export const rareType = 'bench_Rare'
const rareEvery = 100

/** Each of eight notes is on one report of fifty, so that most have none. */
const noteCount = 8
const noteEvery = 50

/**
 * Each of eight rare notes is on one report of ten thousand, whatever the seed, and its word is in the text of no other.
 * That reports with one are this far apart, a prime, spreads them over all sources.
 */
const rareNoteEvery = 1_249
export const rareNoteNames = Array.from({ length: noteCount }, (_, index) => `bench_Ghost${index}`)
export const rareWords = Array.from({ length: noteCount }, (_, index) => `ghost${index}`)
/** A word in the text of all the others. */
export const frequentWord = 'badge'

/** Of every hundred sources one has a clock that lost its battery, another one is ten years ahead. */
const clockEvery = 100
const tenYearsMs = 10 * 365 * 24 * 3_600_000

export const firstTimeMs = Date.UTC(2026, 0, 1)

/** Names of the types but `rareType`. */
export const typeName = (index: number): string => `bench_Door${index}`
export const commonTypeCount = typeCount - 1

export const noteNames = Array.from({ length: noteCount }, (_, index) => `bench_Note${index}`)

/**
 * Reports of all sources in turn, the same ones for the same seed. Their times ascend by `stepMs`, a second unless said
 * otherwise; the few sources with bad clocks are as far off as ever but ascend too.
 */
export const createReports = (options: ReportOptions): (() => Report) => {
  const { seed, sources, beginMs = firstTimeMs, stepMs = 1_000 } = options
  const random = createRandom(seed)
  let index = seed % 7
  return () => {
    index += 1
    const position = index % sources.length
    const rare = rareNoteOf(index)
    return {
      source: sources[position] ?? '',
      type: random.below(rareEvery) === 0 ? rareType : typeName(random.below(commonTypeCount)),
      text: `Door ${random.below(1_000)} changed its state by ${rareWords[rare] ?? `a ${frequentWord}`}`,
      timeMs: beginMs + (seed % 1_000) + Math.floor(index * stepMs) + clockErrorMs(position),
      data: createData(random),
      note: rareNoteNames[rare] ?? noteNames[random.below(noteEvery)],
    }
  }
}

/**
 * Reports as they come from devices that are at work: dated now, about, and each source a second later than the time
 * before. Those of earlier times are told about their clocks, which is an answer that few devices get.
 */
export const createLiveReports = (seed: number, sources: readonly string[]): (() => Report) =>
  createReports({ seed, sources, beginMs: Date.now(), stepMs: 1_000 / sources.length })

/** The index of a rare note, or -1. */
const rareNoteOf = (index: number): number =>
  index % rareNoteEvery === 0 ? (index / rareNoteEvery) % noteCount : -1

const clockErrorMs = (position: number): number => {
  if (position % clockEvery === 17) return -tenYearsMs
  return position % clockEvery === 71 ? tenYearsMs : 0
}

const createData = (random: Random): Report['data'] => ({
  state: random.pick(['open', 'closed']),
  battery: random.below(100),
  temperature: random.below(400) / 10,
  firmware: '1.4.2',
  operator: 'north-gate',
  serial: `SN-${String(random.below(1_000_000)).padStart(8, '0')}`,
  lastMaintained: '2025-11-03',
})

/** 300 bytes on an average, as compact JSON with ids of 15 digits, with one fragment or two. */
export const encodeCumulocity = ({ source, type, text, timeMs, data, note }: Report): string =>
  JSON.stringify({
    source: { id: source },
    type,
    text,
    time: new Date(timeMs).toISOString(),
    bench_Door: data,
    ...(note === undefined ? {} : { [note]: { level: 2 } }),
  })

/** The same report in the tenant-device dialect. */
export const encodeTenantDevice = ({ type, text, timeMs, data }: Report, appId: string): string =>
  JSON.stringify({ typeId: type, description: text, appId, severity: 2, data, timestamp: timeMs })
