import { appendFileSync, cpSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { canMount, fillDisk, mountSmallDisk } from '../../testing/small-disk.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import {
  openThreadlessStore,
  threadlessNowMs as nowMs,
} from '../../testing/threadless-store.fixture.ts'
import { openWornStore } from '../../testing/worn-store.fixture.ts'
import { rewritePart } from '../files/build-part.ts'
import { headPath, partPath } from '../tables/part-files.ts'
import { removeStrangers, unlinkParts } from '../files/part-folder.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'

const diskBytes = 32 * 1024 * 1024

/** Frames that the first piece of the index of a WAL has room for, and their size. */
const framesOfIndex = 4_062
const walHeaderBytes = 32
const frameBytes = 4_096 + 24

const framesOf = (wal: string): number => (statSync(wal).size - walHeaderBytes) / frameBytes

/** There is room for what comes next in the log, but for one page only in its index, and none on the disk. */
const leaveNoIndex = ({ folder, state }: ThreadlessStore): void => {
  const wal = `${headPath(folder)}-wal`
  expect(framesOf(wal)).toBeLessThan(framesOfIndex - 1)
  // Each is of one page.
  while (framesOf(wal) < framesOfIndex - 1) state.commit(() => undefined)
  expect(framesOf(wal)).toBe(framesOfIndex - 1)
  appendFileSync(wal, Buffer.alloc(100 * frameBytes))
  fillDisk(join(folder, '..'))
}

const sealedNumbers = ({ state }: ThreadlessStore): readonly number[] =>
  state.parts
    .catalogue()
    .parts.filter((part) => part.state === 'sealed')
    .map(({ number }) => number)

/** What a start would find in force if the process were killed now; it must find all files. */
const inForceAfterKill = ({ folder }: ThreadlessStore): readonly number[] => {
  const image = scratchFolder()
  const filter = (path: string): boolean => !path.endsWith('-shm')
  cpSync(folder, image, { recursive: true, filter })
  const sealed = sealedNumbers(openThreadlessStore({ folder: image }))
  removeStrangers(image, sealed)
  return sealed
}

const codeOf = (run: () => void): unknown => {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

/** Never in CI, where a disk that cannot be mounted fails the test. */
const isMountMissing = process.env['CI'] === undefined && !canMount()

it.skipIf(isMountMissing)(
  'a swap that failed and is whole in the log keeps all its files until another commit has its place there',
  () => {
    const store = openWornStore({ folder: join(mountSmallDisk(diskBytes), 'data') })
    const { folder, maintenance, asked, into } = store
    const built = rewritePart({ folder }, { part: 1, into })
    leaveNoIndex(store)
    const swap = (): void => maintenance.receive({ kind: 'built', ...built })
    expect(codeOf(swap)).toBe('SQLITE_IOERR_SHMSIZE')
    expect(sealedNumbers(store)).toEqual([1])
    expect(inForceAfterKill(store)).toEqual([into])

    maintenance.step(nowMs)
    expect(asked).toEqual([])
    expect(inForceAfterKill(store)).toEqual([1])
    while (asked.length === 0) maintenance.step(nowMs)
    expect(asked).toEqual([{ kind: 'unlink', parts: [into] }])
    unlinkParts(folder, [into])
    expect(existsSync(partPath(folder, into))).toBe(false)
    expect(inForceAfterKill(store)).toEqual([1])
  },
)
