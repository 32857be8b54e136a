import { execFileSync } from 'node:child_process'
import { houseRoot, readHouse } from './scratch-house.ts'
import type { HouseFile } from './tidy.ts'

/** The paths of everything that is kept in the repository or about to be, from the root, sorted. */
export const listHousePaths = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: houseRoot,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && path !== 'node_modules')
    .sort()

export const readHouseFiles = (paths: readonly string[]): readonly HouseFile[] =>
  paths.map((path) => ({ path, text: readHouse(path) }))

/** What says how files on disk look: migrations, and the formats of parts, which are never migrated. */
export const listMigrations = (): readonly HouseFile[] =>
  readHouseFiles(
    listHousePaths().filter((path) => /\/(migration|part-format)-\d+[.]ts$/.test(path)),
  )
