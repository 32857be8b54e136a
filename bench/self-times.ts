import type { CpuProfile, ProfileNode } from './decode-cpu-profile.ts'

export type SelfTime = { readonly name: string; readonly share: number }

export type SelfTimes = {
  readonly functions: readonly SelfTime[]
  readonly files: readonly SelfTime[]
  readonly busyMs: number
}

/**
 * Where the time went, without what was called from there: by function and by file, the largest first, as shares of the
 * time in which the thread was not idle.
 */
export const selfTimes = (profile: CpuProfile): SelfTimes => {
  const functions = new Map<string, number>()
  const files = new Map<string, number>()
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  for (const [index, id] of profile.samples.entries()) {
    const node = nodes.get(id)
    if (node === undefined || node.callFrame.functionName === '(idle)') continue
    const us = profile.timeDeltas[index] ?? 0
    add(functions, nameOf(node), us)
    add(files, fileOf(node), us)
  }
  return { functions: toShares(functions), files: toShares(files), busyMs: sumOf(files) / 1000 }
}

/** What the thread is called: after the file that it began with, `writer-thread.js` for one, or main. */
export const threadOf = ({ nodes }: CpuProfile): string => {
  for (const { callFrame } of nodes) {
    const [, name] = /\/([a-z]+)-thread\.js$/.exec(callFrame.url) ?? []
    if (name !== undefined) return name
  }
  return 'main'
}

const add = (sums: Map<string, number>, name: string, us: number): void => {
  sums.set(name, (sums.get(name) ?? 0) + us)
}

const nameOf = (node: ProfileNode): string => {
  const { functionName, url, lineNumber } = node.callFrame
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name} ${fileOf(node)}:${lineNumber + 1}`
}

/** From `dist/`, `node_modules/` or `server/` on, which is where the reader would look. */
const fileOf = ({ callFrame: { url } }: ProfileNode): string =>
  url === ''
    ? '(engine)'
    : url.replace(/^.*\/(?:dist|node_modules)\//, '').replace(/^file:.*\/server\//, '')

const toShares = (sums: ReadonlyMap<string, number>): readonly SelfTime[] => {
  const all = sumOf(sums)
  return [...sums]
    .map(([name, us]) => ({ name, share: us / all }))
    .sort((left, right) => right.share - left.share)
}

const sumOf = (sums: ReadonlyMap<string, number>): number =>
  [...sums.values()].reduce((sum, us) => sum + us, 0)
