import { invalid, success } from './failure.ts'
import type { Result } from './failure.ts'

/** A table of separated values. */
export type CsvTable = {
  /** Of the columns, upper case and without white space around them. */
  readonly names: readonly string[]
  /** The same as they were written. */
  readonly titles: readonly string[]
  readonly lines: readonly CsvLine[]
}

/** A line of a table below its head. */
export type CsvLine = {
  /** Counts from 1, which is the head's. */
  readonly number: number
  /** What stands under one of the names, without white space around it; '' for nothing. */
  readonly cell: (name: string) => string
  /** The same by column, counted from 0. */
  readonly cellAt: (column: number) => string
  /** A quoted cell does not end, or ends inside the cell. */
  readonly isMalformed: boolean
}

/**
 * Reads a table with names in its first line (RFC 4180, but a cell ends with its line). Cells are parted by a tab, a
 * semicolon or a comma, whichever the head has, looked for in this order. Empty lines are none. Fails with `invalid`
 * for a table without a head.
 */
export const readCsvTable = (text: string): Result<CsvTable> => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const head = lines.findIndex((line) => line.trim() !== '')
  const first = lines[head]
  if (first === undefined) return invalid('', 'the file is empty')
  const separator = ['\t', ';', ','].find((mark) => first.includes(mark)) ?? ','
  const titles = splitLine(first, separator).cells
  const names = titles.map((title) => title.toUpperCase())
  return success({
    names,
    titles,
    lines: lines.flatMap((line, index) =>
      index <= head || line.trim() === '' ? [] : [toLine(line, index + 1, names, separator)],
    ),
  })
}

const toLine = (
  line: string,
  number: number,
  names: readonly string[],
  separator: string,
): CsvLine => {
  const { cells, isMalformed } = splitLine(line, separator)
  const cellAt = (column: number): string => cells[column] ?? ''
  return { number, cell: (name) => cellAt(names.indexOf(name)), cellAt, isMalformed }
}

type Split = { readonly cells: readonly string[]; readonly isMalformed: boolean }

const splitLine = (line: string, separator: string): Split => {
  const cells: string[] = []
  let isMalformed = false
  let start = 0
  while (start <= line.length) {
    const quoted = readQuoted(line, start)
    const from = quoted?.end ?? start
    const found = line.indexOf(separator, from)
    const end = found < 0 ? line.length : found
    const rest = line.slice(from, end).trim()
    cells.push(quoted?.text.trim() ?? rest)
    if (quoted !== undefined && (!quoted.isClosed || rest !== '')) isMalformed = true
    start = end + 1
  }
  return { cells, isMalformed }
}

/** The quoted cell that begins here, and where it ends; undefined when none does. */
const readQuoted = (line: string, start: number) => {
  if (line[start] !== '"') return undefined
  let at = start + 1
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote < 0) return { text: line.slice(start + 1), end: line.length, isClosed: false }
    if (line[quote + 1] !== '"') {
      const text = line.slice(start + 1, quote).replaceAll('""', '"')
      return { text, end: quote + 1, isClosed: true }
    }
    at = quote + 2
  }
}
