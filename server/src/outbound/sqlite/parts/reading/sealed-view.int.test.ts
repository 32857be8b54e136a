import { expect, it, onTestFinished } from 'vitest'
import {
  addClosedPart,
  countParts,
  markSealed,
  openScratchHead,
} from '../../testing/scratch-part.ts'
import { scratchDayMs, scratchRowOf } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { sealPart } from '../files/build-part.ts'
import { createStatements } from '../tables/cached-statements.ts'
import { createReadCatalogue } from '../tables/catalogue.ts'
import { createPartConnections } from '../tables/part-connections.ts'
import { endlessPatience } from '../tables/patience.ts'
import type { Lane } from './part-view.ts'
import { createSealedView } from './sealed-view.ts'
import { createReadRollup } from './tenant-rollups.ts'
import { createReadTenantTimes } from './tenant-times.ts'
import { createReadTimeRanks } from './time-ranks.ts'

/** Each row has a shape of its own: of the first 60 it has `some`, of the first 70 `many`. The last one has none. */
const rowsOf = (shapes: number) =>
  Array.from({ length: shapes + 1 }, (_, n) => {
    const names = [`only${n}`, ...(n < 60 ? ['some'] : []), ...(n < 70 ? ['many'] : [])]
    const fragments = names.map((name) => ({ name, value: '1' }))
    const timeMs = scratchDayMs + n
    return scratchRowOf({ id: 1_000 + n, timeMs, fragments, hasOwnNames: n === shapes })
  })

/** The walks in a sealed part with so many shapes that find what has a fragment. */
const openLanes = (shapes: number): ((fragmentType: string) => readonly Lane[]) => {
  const { folder, head } = openScratchHead(scratchFolder())
  const connections = createPartConnections(folder, endlessPatience)
  onTestFinished(() => {
    connections.close()
    head.close()
  })
  addClosedPart(head, 1, rowsOf(shapes))
  markSealed(head, 1, sealPart({ folder }, 1).summary)
  countParts(head)
  const [part] = createReadCatalogue(head)(1).parts
  if (part === undefined) throw new Error('the part is in the catalogue')
  const learnt = {
    readRollup: createReadRollup(),
    readTimes: createReadTenantTimes(),
    readRanks: createReadTimeRanks(1_000),
  }
  const sealed = { part, head: createStatements(head, 10), connections, ...learnt }
  return (fragmentType) => {
    const wanted = { tenant: 1, version: 1, covers: [], filter: { fragmentType } }
    const walk = { time: undefined, isAscending: true, place: undefined }
    return createSealedView(sealed, wanted)?.lanes(walk) ?? []
  }
}

const idsIn = (lanes: readonly Lane[]): readonly number[] =>
  lanes.flatMap((lane) => lane.next(1_000).map(({ id }) => id)).toSorted((a, b) => a - b)

const firstIds = (count: number) => Array.from({ length: count }, (_, n) => 1_000 + n)

/** Up to 128 shapes of a part are remembered, names of its own among them. */
it.each([100, 127, 128, 200])(
  'a fragment of few among %i shapes is found shape by shape',
  (all) => {
    const lanesOf = openLanes(all)
    const some = lanesOf('some')
    expect(some, 'a walk for each, and one over the row with names of its own').toHaveLength(61)
    expect(idsIn(some)).toEqual(firstIds(60))
    const [ownNames, first] = some.map(({ times }) => times)
    expect(ownNames).toMatchObject({ minMs: scratchDayMs + all, maxMs: scratchDayMs + all })
    expect(first).toMatchObject({ minMs: scratchDayMs, maxMs: scratchDayMs })
    expect(idsIn(lanesOf('only7'))).toEqual([1_007])
    expect(idsIn(lanesOf(`only${all}`)), 'among names of its own').toEqual([1_000 + all])
  },
)

it.each([100, 127, 128, 200])('a fragment of many among %i shapes is found in one walk', (all) => {
  const many = openLanes(all)('many')
  expect(many).toHaveLength(1)
  expect(idsIn(many)).toEqual(firstIds(70))
})
