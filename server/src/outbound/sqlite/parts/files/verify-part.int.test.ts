import { closeSync, openSync, truncateSync, writeSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damagePart, partDamages } from '../../testing/part-file.ts'
import { addClosedPart, openScratchHead } from '../../testing/scratch-part.ts'
import { scratchRowOf, scratchRows } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { sealPart } from './build-part.ts'
import { partPath } from '../tables/part-files.ts'
import { verifyPart } from './verify-part.ts'
import type { ScratchHead } from '../../testing/scratch-part.ts'
import type { PartSummary } from '../between-threads/janitor-messages.ts'

let scratch: ScratchHead
let path: string
let summary: PartSummary

beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
  const fragments = [{ name: 'a', value: '1' }]
  addClosedPart(scratch.head, 1, [
    scratchRowOf({ id: 1, fragments }),
    scratchRowOf({ id: 2, fragments, tenant: 2, type: 'lamp', hasOwnNames: true }),
  ])
  ;({ summary } = sealPart({ folder: scratch.folder }, 1))
  path = partPath(scratch.folder, 1)
})
afterEach(() => {
  scratch.head.close()
})

describe('a look at the file of a part', () => {
  it('finds nothing wrong with one that was just built', () => {
    let part = 1
    fc.assert(
      fc.property(scratchRows, (rows) => {
        part += 1
        addClosedPart(scratch.head, part, rows)
        const built = sealPart({ folder: scratch.folder }, part)
        expect(verifyPart(partPath(scratch.folder, part), built.summary)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it.each(partDamages)('finds that $name', ({ sql, problem }) => {
    damagePart(path, sql)
    expect(verifyPart(path)).toEqual([expect.stringContaining(problem)])
  })

  it('finds each number in which the catalogue is another', () => {
    const wrong = { ...summary, maxId: 7, outliers: null }
    expect(verifyPart(path, wrong)).toEqual([
      'maxId is 2, and the catalogue says 7',
      'outliers is [], and the catalogue says null',
    ])
  })

  it('finds bytes that have changed', () => {
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(4_096, 'x'), 0, 4_096, 2 * 8_192)
    closeSync(file)
    expect(verifyPart(path).join()).toMatch(/^the file (cannot be read|is damaged)/)
  })

  it('says so when there is nothing to look at', () => {
    truncateSync(path, 100)
    expect(verifyPart(path).join()).toMatch(/^the file (cannot be read|is damaged)/)
    expect(verifyPart(`${path}.not`)).toEqual([
      'the file cannot be read: unable to open database file',
    ])
  })
})
