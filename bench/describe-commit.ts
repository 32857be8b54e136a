import { execFileSync } from 'node:child_process'
import { repositoryFolder } from './repository-folder.ts'

/** The commit that is checked out, and whether the server is as it says. */
export const describeCommit = (): string => {
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'server') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ', server changed since' : ''}`
}

export const today = (): string => new Date().toISOString().slice(0, 10)

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: repositoryFolder, encoding: 'utf8' }).trim()
