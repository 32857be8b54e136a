import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { listOf, memberOf } from '../api.ts'

/** What has happened to parts in a run, as far as it could be seen between two rounds. */
export type LifeOfParts = {
  /** Looks at the folder of a server that is not running; answers what is wrong with its parts. */
  readonly look: (folder: string) => Promise<readonly string[]>
  /**
   * How many were `sealed`, `rewritten` or merged into new ones, and are `gone`, those that were rewritten included; and
   * how many merges a kill has cut before and after their commit, as far as their files were still there.
   */
  readonly counts: () => Counts
}

export type Counts = {
  readonly sealed: number
  readonly rewritten: number
  readonly gone: number
  readonly mergesCutBefore: number
  readonly mergesCutAfter: number
}

/** Comes with the build, because it reads the files as the store does. */
const program = fileURLToPath(
  new URL('../../server/dist/outbound/sqlite/testing/verify-folder-main.js', import.meta.url),
)

const run = promisify(execFile)

export const followParts = (): LifeOfParts => {
  const seen = new Set<number>()
  const rewritten = new Set<number>()
  let present = new Set<number>()
  const cut = { mergesCutBefore: 0, mergesCutAfter: 0 }
  return {
    look: async (folder) => {
      const { stdout } = await run(process.execPath, [program, folder, [...present].join()])
      const report: unknown = JSON.parse(stdout)
      present = new Set(listOf(report, 'sealed').map(Number))
      for (const part of present) seen.add(part)
      for (const part of listOf(report, 'rewritten')) rewritten.add(Number(part))
      cut.mergesCutBefore += Number(memberOf(report, 'cutMerges', 'before'))
      cut.mergesCutAfter += Number(memberOf(report, 'cutMerges', 'after'))
      const highest = Number(memberOf(report, 'highest'))
      const unknown = [...present].filter((part) => part > highest)
      return [
        ...listOf(report, 'problems').map(String),
        ...unknown.map((part) => `part ${part} is there, and ${highest} is the highest number`),
      ]
    },
    counts: () => ({
      sealed: seen.size - rewritten.size,
      rewritten: rewritten.size,
      gone: seen.size - present.size,
      ...cut,
    }),
  }
}
