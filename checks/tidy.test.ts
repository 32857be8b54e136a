import { describe, expect, it } from 'vitest'
import { listHousePaths, listMigrations, readHouseFiles } from './house-files.ts'
import { readHouse } from './scratch-house.ts'
import {
  listReleased,
  migrationProblems,
  nameProblems,
  promiseProblems,
  sha256,
  titleProblems,
} from './tidy.ts'

const files = readHouseFiles(listHousePaths().filter((path) => /[.](ts|js|md|json)$/.test(path)))
const tests = files.filter(({ path }) => /[.](test|contract)[.]ts$/.test(path))

describe('a name', () => {
  it.each([
    'server/src/core/utils.ts',
    'server/src/core/string-helpers.ts',
    'server/src/helper/text.ts',
    'server/src/common/text.ts',
    'server/src/usecases/event-manager.ts',
    'server/src/usecases/event.service.ts',
  ])('like %s is refused', (path) => {
    expect(nameProblems([{ path, text: '' }])).toHaveLength(1)
  })

  it('of this house says what its file owns', () => {
    expect(nameProblems(files)).toEqual([])
  })
})

describe('work that is promised', () => {
  const mark = ['TO', 'DO'].join('')

  it('is refused without an issue', () => {
    expect(promiseProblems([{ path: 'a.ts', text: `// ${mark}: later\n` }])).toHaveLength(1)
  })

  it('is permitted with one', () => {
    expect(promiseProblems([{ path: 'a.ts', text: `// ${mark}(#12): later\n` }])).toEqual([])
  })

  it('has the number of its issue everywhere in this house', () => {
    const others = files.filter(({ path }) => path !== 'checks/tidy.ts')
    expect(promiseProblems(others)).toEqual([])
  })
})

describe('a title', () => {
  it('is refused the second time', () => {
    const text = "it('a fact', f)\nit.each([1])('a fact', f)\n"
    expect(titleProblems([{ path: 'a.test.ts', text }])).toHaveLength(1)
  })

  it('may return in another group', () => {
    const text = "describe('a', () => { it('x', f) })\ndescribe('b', () => { it('x', f) })\n"
    expect(titleProblems([{ path: 'a.test.ts', text }])).toEqual([])
  })

  it('is unique in every test file of this house', () => {
    expect(titleProblems(tests)).toEqual([])
  })
})

describe('a released migration', () => {
  const path = 'server/src/outbound/sqlite/events/migration-0001.ts'
  const released = `${sha256('create')}  ${path}\n`

  it('is refused when it has changed', () => {
    expect(migrationProblems([{ path, text: 'create ' }], released)).toHaveLength(1)
  })

  it('is refused when it has gone', () => {
    expect(migrationProblems([], released)).toHaveLength(1)
  })

  it('is refused when nobody has listed it', () => {
    expect(migrationProblems([{ path, text: 'create' }], '')).toHaveLength(1)
  })

  it('that is new is listed behind those that are', () => {
    const next = { path: path.replace('0001', '0002'), text: 'alter' }
    const listed = listReleased([{ path, text: 'create ' }, next], released)
    expect(listed).toBe(`${released}${sha256('alter')}  ${next.path}\n`)
  })

  it('is as it was released', () => {
    expect(migrationProblems(listMigrations(), readHouse('checks/migrations.sha256'))).toEqual([])
  })
})
