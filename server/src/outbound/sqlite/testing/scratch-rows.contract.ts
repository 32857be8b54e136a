import fc from 'fast-check'
import type { ScratchRow } from './scratch-part.ts'

export const scratchDayMs = Date.UTC(2026, 2, 1)
const hourMs = 60 * 60 * 1000

/** Few different values, so that filters meet something; some clocks are wrong by far. */
const scratchRow = fc.record({
  tenant: fc.integer({ min: 1, max: 3 }),
  source: fc.integer({ min: 1, max: 5 }),
  type: fc.constantFrom('door', 'Door', 'lamp', 'é'),
  creationMs: fc.integer({ min: scratchDayMs, max: scratchDayMs + 4 * hourMs }),
  offMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -5_000, max: 5_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -400 * 24 * hourMs, max: 400 * 24 * hourMs }) },
  ),
  change: fc.option(
    fc.record({
      later: fc.integer({ min: 1, max: 10_000 }),
      lastUpdatedMs: fc.integer({ min: scratchDayMs, max: scratchDayMs + 9 * hourMs }),
    }),
    { freq: 4 },
  ),
  text: fc.string({ unit: 'grapheme', maxLength: 20 }),
  fragments: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      value: fc.constantFrom('"x"', '"y"', '1', '{"x":1}'),
    }),
    { selector: ({ name }) => name },
  ),
  hasOwnNames: fc.boolean(),
  digest: fc.option(fc.constantFrom('d1', 'd2')),
})

/** Rows of one part, ids ascending. */
export const scratchRows: fc.Arbitrary<readonly ScratchRow[]> = fc
  .array(scratchRow, { maxLength: 60 })
  .map((rows) =>
    rows.map(({ offMs, change, ...row }, at) => ({
      ...row,
      id: 1_000 + at * 3,
      timeMs: row.creationMs + offMs,
      changed: change === null ? null : 1_000 + at * 3 + change.later,
      lastUpdatedMs: change === null ? null : change.lastUpdatedMs,
    })),
  )

/** A row as dull as can be, but for what is given. */
export const scratchRowOf = (given: Partial<ScratchRow> = {}): ScratchRow => ({
  id: 1,
  tenant: 1,
  source: 1,
  type: 'door',
  timeMs: scratchDayMs,
  creationMs: scratchDayMs,
  lastUpdatedMs: null,
  changed: null,
  text: 'opened',
  fragments: [],
  hasOwnNames: false,
  digest: null,
  ...given,
})
