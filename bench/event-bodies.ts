import { createRandom } from '../e2e/random.ts'
import type { Random } from '../e2e/random.ts'

/** What an event of the load says, before a dialect gives it a form. */
export type Report = {
  readonly source: string
  readonly type: string
  readonly text: string
  readonly timeMs: number
  readonly data: Readonly<Record<string, unknown>>
}

export const sourceCount = 5_000
export const typeCount = 40

const firstTimeMs = Date.UTC(2026, 0, 1)

/**
 * Reports of random sources and types, the same ones for the same seed. Their times ascend by about a second and never repeat
 * within a seed.
 */
export const createReports = (seed: number, sources: readonly string[]): (() => Report) => {
  const random = createRandom(seed)
  let timeMs = firstTimeMs + (seed % 1_000)
  return () => {
    timeMs += 1_000
    const type = random.below(typeCount)
    return {
      source: sources[random.below(sources.length)] ?? '',
      type: `bench_Door${type}`,
      text: `Door ${random.below(1_000)} changed`,
      timeMs,
      data: createData(random),
    }
  }
}

const createData = (random: Random): Report['data'] => ({
  state: random.pick(['open', 'closed']),
  battery: random.below(100),
  temperature: random.below(400) / 10,
})

/** About 230 bytes, with one fragment. */
export const encodeCumulocity = ({ source, type, text, timeMs, data }: Report): string =>
  JSON.stringify({
    source: { id: source },
    type,
    text,
    time: new Date(timeMs).toISOString(),
    bench_Door: { ...data, firmware: '1.4.2', operator: 'north-gate' },
  })

/** The same report in the tenant-device dialect. */
export const encodeTenantDevice = ({ type, text, timeMs, data }: Report, appId: string): string =>
  JSON.stringify({
    typeId: type,
    description: text,
    appId,
    severity: 2,
    data: { ...data, firmware: '1.4.2', operator: 'north-gate' },
    timestamp: timeMs,
  })
