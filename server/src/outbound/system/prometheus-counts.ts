import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'
import { createByLabels } from './by-labels.ts'

/** Adds so many under these values, one for each label, in the labels' order. */
export type Counts = (added: number, ...values: readonly string[]) => void

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
  const totals = createByLabels(() => ({ total: 0 }))
  const counter: Counter = new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      counter.reset()
      for (const { values, kept } of totals.list()) counter.labels(...values).inc(kept.total)
    },
  })
  return (added, ...values) => {
    totals.at(values).total += added
  }
}
