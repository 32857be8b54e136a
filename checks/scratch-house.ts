import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The root of the repository. */
export const houseRoot = dirname(import.meta.dirname)

export const readHouse = (path: string): string => readFileSync(join(houseRoot, path), 'utf8')

export type ScratchHouse = {
  readonly root: string
  readonly remove: () => void
}

const configuration = [
  '.dependency-cruiser.js',
  'checks/restrictions.js',
  'eslint.config.js',
  'package.json',
  'server/tsconfig.json',
  'tsconfig.json',
]

/** A house with the real guards and only these files, by path, to see what the guards say to them. */
export const createScratchHouse = (files: Readonly<Record<string, string>>): ScratchHouse => {
  const root = mkdtempSync(join(tmpdir(), 'belfry-house-'))
  for (const path of configuration) writeFile(root, path, readHouse(path))
  for (const [path, text] of Object.entries(files)) writeFile(root, path, text)
  symlinkSync(join(houseRoot, 'node_modules'), join(root, 'node_modules'))
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

const writeFile = (root: string, path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
