/** What one benchmark found: a table for people, figures for programs, and what was wanted of them. */
export type Measurement = {
  /** The name of the file in `bench/measurements/` that made it, without its ending. */
  readonly name: string
  /** One sentence: what was done, and what the figures mean. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly figures: Readonly<Record<string, number>>
  readonly targets: readonly Target[]
}

/** A figure that something was wanted of. */
export type Target = {
  readonly what: string
  readonly value: number
  readonly unit: '' | 'ms' | 's' | 'MB' | 'bytes'
  readonly wanted: 'at least' | 'at most'
  /** Worse than this is a failure. */
  readonly must: number
  /** As good as this is what we want. */
  readonly aim: number
}

/** Prints the tables, and as the last line the whole as JSON. */
export const printMeasurement = (measurement: Measurement): void => {
  console.log(`\n${encodeMeasurement(measurement)}\n`)
  console.log(JSON.stringify(measurement))
}

/** What was done and the tables, in Markdown. */
export const encodeMeasurement = ({ about, columns, rows, targets }: Measurement): string =>
  [
    `${about}.`,
    ...(rows.length > 0 ? [encodeTable({ columns, rows })] : []),
    ...(targets.length > 0
      ? [encodeTable({ columns: ['wanted', 'found', 'must', 'aim', ''], rows: targets.map(toRow) })]
      : []),
  ].join('\n\n')

export const isMissed = (target: Target): boolean => !reaches(target, target.must)

/** A figure with a reasonable number of digits. */
export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)

const toRow = (target: Target): readonly string[] => {
  const sign = target.wanted === 'at least' ? '≥' : '≤'
  return [
    target.what,
    `${figure(target.value)} ${target.unit}`.trim(),
    `${sign} ${target.must} ${target.unit}`.trim(),
    `${sign} ${target.aim} ${target.unit}`.trim(),
    judge(target),
  ]
}

const judge = (target: Target): string => {
  if (isMissed(target)) return 'MISSED'
  return reaches(target, target.aim) ? 'as aimed' : 'holds'
}

const reaches = ({ value, wanted }: Target, bound: number): boolean =>
  wanted === 'at least' ? value >= bound : value <= bound

/** A Markdown table with aligned columns. */
export const encodeTable = ({ columns, rows }: Pick<Measurement, 'columns' | 'rows'>): string => {
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...rows.map((row) => (row[index] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => pad(cells[index] ?? '', width, index)).join(' | ')} |`
  const rule = widths.map((width, index) =>
    index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(columns), line(rule), ...rows.map(line)].join('\n')
}

/** Names to the left, figures to the right. */
const pad = (cell: string, width: number, index: number): string =>
  index === 0 ? cell.padEnd(width) : cell.padStart(width)
