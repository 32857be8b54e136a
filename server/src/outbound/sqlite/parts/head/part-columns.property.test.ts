import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createColumnMemory,
  isVisibleAt,
  lengthOf,
  openColumns,
} from '../between-threads/columns.ts'
import type { Columns } from '../between-threads/columns.ts'
import { createColumnWriter } from './part-columns.ts'
import type { ColumnWriter, Entry } from './part-columns.ts'

type Step = { readonly kind: 'append' | 'change' | 'remove' | 'come back'; readonly which: number }

type Transaction = { readonly steps: readonly Step[]; readonly isCommitted: boolean }

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('append', 'change', 'remove', 'come back'),
  which: fc.nat({ max: 20 }),
})

const transactions: fc.Arbitrary<readonly Transaction[]> = fc.array(
  fc.record({ steps: fc.array(steps, { maxLength: 6 }), isCommitted: fc.boolean() }),
  { maxLength: 12 },
)

const entry = (id: number, changed: number): Entry => ({
  id,
  tenant: 1,
  source: 2,
  type: 3,
  shape: 4,
  timeMs: id,
  creationMs: id,
  lastUpdatedMs: changed,
  changed,
})

/** Ids that are there and the number of their last change; what a reader should find. */
type Model = ReadonlyMap<number, number>

type Run = { readonly writer: ColumnWriter; next: number; version: number }

/** An event of an older part comes back with an id below all of this part. */
const oldId = (which: number): number => 1 + which

const apply = (run: Run, model: Map<number, number>, { kind, which }: Step): void => {
  const { writer, version } = run
  const changed = (run.next += 1)
  const ids = [...model.keys()]
  const id = kind === 'append' ? changed : (ids[which % Math.max(1, ids.length)] ?? oldId(which))
  if (kind === 'come back') {
    if (model.has(oldId(which))) return
    writer.append(entry(oldId(which), changed), version)
    model.set(oldId(which), changed)
    return
  }
  const position = writer.positionOf(id)
  if (kind !== 'append' && position === undefined) return
  if (position !== undefined) writer.markGone(position, version)
  if (kind === 'remove') model.delete(id)
  else {
    writer.append(entry(id, changed), version)
    model.set(id, changed)
  }
}

const visible = (columns: Columns, version: number): Model => {
  const found = new Map<number, number>()
  for (let at = 0; at < lengthOf(columns); at += 1) {
    if (!isVisibleAt(columns, at, version)) continue
    const id = columns.ids[at] ?? 0
    expect(found.has(id), `two living entries of ${id}`).toBe(false)
    found.set(id, columns.changes[at] ?? 0)
  }
  return found
}

it('every version sees just what was committed up to it, whatever is taken back', () => {
  fc.assert(
    fc.property(transactions, (list) => {
      const columns = openColumns(createColumnMemory(200))
      const run: Run = { writer: createColumnWriter(columns), next: 100, version: 1 }
      const history: Model[] = [new Map()]
      for (const { steps: taken, isCommitted } of list) {
        const model = new Map(history.at(-1))
        for (const step of taken) apply(run, model, step)
        run.writer.publish()
        if (isCommitted) {
          run.writer.committed()
          history.push(model)
          run.version += 1
        } else run.writer.takeBack()
        for (const [version, then] of history.entries()) {
          expect(visible(columns, version)).toEqual(then)
        }
        const now = history.at(-1) ?? new Map()
        for (let id = 0; id <= run.next + 1; id += 1) {
          const position = run.writer.positionOf(id)
          expect(position !== undefined, `${id}`).toBe(now.has(id))
          if (position !== undefined) expect(columns.changes[position]).toBe(now.get(id))
        }
      }
    }),
  )
})
