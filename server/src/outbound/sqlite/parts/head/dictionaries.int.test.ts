import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { indexedNamesOfTenantMax } from '../../../../core/limits.ts'
import { splitOwnNames } from '../../events/stored-fragments.ts'
import { countHeadRows } from '../../testing/head-rows.ts'
import { addThreadlessRows, openThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import { createDictionaries, dictionaryCharactersSql } from './dictionaries.ts'
import { createPartTables, headTables, ownNamesShape } from '../tables/part-schema.ts'
import type { Dictionaries } from './dictionaries.ts'

const tables = headTables(1)

let head: Database.Database
let weighed: number
let dictionaries: Dictionaries

beforeEach(() => {
  head = new Database(':memory:')
  head.exec(createPartTables(tables))
  weighed = 0
  dictionaries = createDictionaries(head, tables, (characters) => {
    weighed += characters
  })
})
afterEach(() => {
  head.close()
})

/** The same hundred names, in another order for each number. */
const namesOf = (number: number): string => {
  const names = Array.from({ length: 100 }, (_, at) => `n${at}`)
  return [`first${number}`, ...names.slice(1)].join('\n')
}

const setsMax = Math.floor(indexedNamesOfTenantMax / 101)

describe('a tenant whose events never have the same names twice', () => {
  const fill = (): void => {
    for (let set = 0; set < 2 * setsMax; set += 1) {
      dictionaries.shape(1, { names: namesOf(set), values: 'x' })
    }
  }

  it('adds a bounded number of them to the index of a part', () => {
    fill()
    expect(countHeadRows({ head }, tables.shapeFragment)).toBe(setsMax * 100)
  })

  it('has the names in its rows from there on, and goes on with the sets that are known', () => {
    fill()
    const late = dictionaries.shape(1, { names: namesOf(setsMax), values: 'x' })
    expect(late.shape).toBe(ownNamesShape)
    expect(splitOwnNames(null, late.text)).toEqual({ names: namesOf(setsMax), values: 'x' })
    const early = dictionaries.shape(1, { names: namesOf(0), values: 'x' })
    expect(early.shape).not.toBe(ownNamesShape)
    expect(early.text).toBe('x')
  })

  it('takes nothing from another one', () => {
    fill()
    const others = dictionaries.shape(2, { names: namesOf(setsMax), values: 'x' })
    expect(others).toMatchObject({ text: 'x' })
    expect(others.shape).not.toBe(ownNamesShape)
    expect(dictionaries.shape(1, { names: namesOf(setsMax), values: 'x' })).toEqual(others)
  })
})

it('new entries are weighed once, as a start will weigh them', () => {
  for (const type of ['door', 'door', 'window']) dictionaries.type(type)
  for (const names of ['a\nb', 'a\nb', 'c']) dictionaries.shape(1, { names, values: 'x' })
  expect(weighed).toBe(2 * 'doorwindow'.length + 3 * 'a\nbc'.length)
  expect(head.prepare(dictionaryCharactersSql(tables)).pluck().get()).toBe(weighed)
})

it('a part weighs the same after a start', () => {
  const { folder, state } = openThreadlessStore()
  state.commit(() => addThreadlessRows(state, 10, 'text'))
  const again = openThreadlessStore({ folder })
  expect(again.state.parts.hot().bytes()).toBe(state.parts.hot().bytes())
  expect(state.parts.hot().bytes()).toBe(10 * ('text'.length + 120) + 2 * 'raregonekept'.length)
})
