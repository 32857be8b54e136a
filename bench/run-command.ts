import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { repositoryFolder } from './repository-folder.ts'

/** Runs `belfry … --json` and answers the document that it prints. Throws when it fails. */
export const runCommand = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['server/bin/belfry.js', ...args, '--json'],
    { cwd: repositoryFolder, env: { ...process.env, ...environment } },
  )
  return stdout
}
