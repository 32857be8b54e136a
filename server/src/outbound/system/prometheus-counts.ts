import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'

/** Adds so many under these values, one for each label, in the labels' order. */
export type Counts = (added: number, ...values: readonly string[]) => void

type Count = { readonly values: readonly string[]; total: number }

/**
 * A counter that keeps its totals in plain numbers and hands them to the library when the metrics are asked
 * for: the library sorts and joins the labels at every step, which is too dear for the path of one event.
 */
export const createCounts = (
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
): Counts => {
  const counts = new Map<string, Count>()
  const counter: Counter = new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      counter.reset()
      for (const { values, total } of counts.values()) counter.labels(...values).inc(total)
    },
  })
  return (added, ...values) => {
    const key = values.join('\n')
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { values, total: added })
    else known.total += added
  }
}
