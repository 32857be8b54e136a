import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeEvent } from '../events/decode-event.ts'
import { readReleasedPart, releasedRows } from '../testing/released-part.fixture.ts'
import { releasedSummary } from '../testing/released-part.fixture.ts'
import { toStoredEvent } from '../testing/scratch-part.ts'
import { scratchFolder } from '../testing/scratch-store.contract.ts'
import { eventColumnsOf } from './tables/part-conditions.ts'
import { fileTables } from './tables/part-schema.ts'
import { verifyPart } from './files/verify-part.ts'
import type { EventRow } from '../events/decode-event.ts'

let path: string

beforeEach(() => {
  path = join(scratchFolder(), '00000001.part')
  writeFileSync(path, readReleasedPart())
})

describe('the file of a part that an earlier server wrote', () => {
  it('is found in order, with the counts that its catalogue had', () => {
    expect(verifyPart(path, releasedSummary)).toEqual([])
  })

  it('has the events that were given to it', () => {
    const db = new Database(path, { readonly: true })
    const events = releasedRows.map(toStoredEvent)
    const read = db.prepare<[number], EventRow>(
      `select ${eventColumnsOf(fileTables)} from event e where e.id = ?`,
    )
    for (const event of events) {
      const row = read.raw().get(event.id)
      expect(row && decodeEvent(event.tenant, row)).toEqual(event)
    }
    db.close()
  })
})
