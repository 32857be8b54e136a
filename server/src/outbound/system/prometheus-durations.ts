import { createByLabels } from './by-labels.ts'

/** A histogram in the Prometheus text format. */
export type Durations = {
  /** Under these values, one for each label, in the labels' order. */
  readonly observe: (seconds: number, ...values: readonly string[]) => void
  readonly render: () => string
}

type Observed = { readonly byBound: Float64Array; sum: number }

/**
 * Plain numbers, written out when the metrics are asked for: the library's histogram joins the labels and makes a text of
 * the bound for each value that it is shown, which is too dear for the path of one event.
 */
export const createDurations = (
  name: string,
  help: string,
  labelNames: readonly string[],
  bounds: readonly number[],
): Durations => {
  // One more for what is beyond the last bound.
  const observed = createByLabels((): Observed => ({
    byBound: new Float64Array(bounds.length + 1),
    sum: 0,
  }))
  return {
    observe: (seconds, ...values) => {
      const kept = observed.at(values)
      let at = 0
      while (at < bounds.length && seconds > (bounds[at] ?? 0)) at += 1
      kept.byBound[at] = (kept.byBound[at] ?? 0) + 1
      kept.sum += seconds
    },
    render: () => {
      const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
      for (const { values, kept } of observed.list()) {
        lines.push(...encode(name, bounds, encodeLabels(labelNames, values), kept))
      }
      return `${lines.join('\n')}\n`
    },
  }
}

/** Each bucket counts what is within its bound, so those below it too. */
const encode = (
  name: string,
  bounds: readonly number[],
  labels: string,
  { byBound, sum }: Observed,
): readonly string[] => {
  let within = 0
  const buckets = [...bounds, '+Inf'].map((bound, at) => {
    within += byBound[at] ?? 0
    return `${name}_bucket{le="${bound}",${labels}} ${within}`
  })
  return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${within}`]
}

const encodeLabels = (names: readonly string[], values: readonly string[]): string =>
  names.map((name, at) => `${name}="${escape(values[at] ?? '')}"`).join(',')

const escape = (value: string): string =>
  value.replace(/[\\"\n]/g, (mark) => (mark === '\n' ? '\\n' : `\\${mark}`))
