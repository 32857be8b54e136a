/** What one benchmark found: a table for people and figures for programs. */
export type Measurement = {
  /** The name of the file in `bench/` that made it, without its ending. */
  readonly name: string
  /** One sentence: what was done, and what the figures mean. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly figures: Readonly<Record<string, number>>
  readonly verdicts: readonly Verdict[]
}

/** What was promised for a figure, and whether it holds. */
export type Verdict = {
  readonly promise: string
  readonly found: string
  readonly holds: boolean
}

/** Prints the table, what was promised, and as the last line the whole as JSON. */
export const printMeasurement = (measurement: Measurement): void => {
  console.log(`\n${measurement.name}: ${measurement.about}\n`)
  console.log(encodeTable(measurement))
  for (const verdict of measurement.verdicts) console.log(encodeVerdict(verdict))
  console.log(JSON.stringify(measurement))
}

/** A Markdown table with aligned columns. */
export const encodeTable = ({ columns, rows }: Pick<Measurement, 'columns' | 'rows'>): string => {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
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

export const encodeVerdict = ({ promise, found, holds }: Verdict): string =>
  `- ${holds ? 'holds' : 'MISSED'}: ${promise}: ${found}`

/** A figure with a reasonable number of digits. */
export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
