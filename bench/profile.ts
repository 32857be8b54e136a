import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSourcesOn } from './create-sources.ts'
import { decodeCpuProfile } from './decode-cpu-profile.ts'
import { driveLoad } from './drive-load.ts'
import type { Round } from './drive-load.ts'
import { sourceCount } from './event-bodies.ts'
import { loads } from './loads.ts'
import { encodeTable, figure } from './measurement.ts'
import { repositoryFolder } from './repository-folder.ts'
import { describeRun } from './results-file.ts'
import { selfTimes, threadOf } from './self-times.ts'
import type { SelfTime, SelfTimes } from './self-times.ts'
import { startBelfry, startRival } from './start-server.ts'

/**
 * `npm run bench:profile -- [single|tenant-device|bulk] [rounds] [--write]`: what a request costs each thread, in turn with
 * the null server, and where the main thread and the writer spend it. The profiles stay in `.belfry-profile/`.
 * `--write` keeps the tables of the two threads in `bench/PROFILE.md`.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
})
const [name = 'single', rounds = '3'] = positionals
const loadOf = loads[name]
if (loadOf === undefined) throw new Error(`a load is one of ${Object.keys(loads).join(', ')}`)

const folder = join(repositoryFolder, '.belfry-profile')
const run = describeRun(['npm run bench:profile --', ...process.argv.slice(2)].join(' '))
const shownMax = 45
const keptMax = 25

const toRow = (server: string, round: Round): readonly string[] => [
  server,
  figure(round.requestsPerSecond),
  figure(round.cpuPerRequestUs),
  figure(round.mainPerRequestUs),
  figure(round.busiestPerRequestUs),
]

/** Answers the table of what a request costs. */
const measure = async (): Promise<string> => {
  const belfry = await startBelfry()
  const nullServer = await startRival('null-server')
  const sources = await createSourcesOn(belfry, sourceCount)
  const rows: (readonly string[])[] = []
  for (let round = 1; round <= Number(rounds); round += 1) {
    if (name === 'single') {
      const load = await loadOf(nullServer, sources, round)
      rows.push(toRow('null server', await driveLoad(load)))
    }
    rows.push(toRow('Belfry', await driveLoad(await loadOf(belfry, sources, round))))
  }
  await nullServer.stop()
  await belfry.stop()
  const columns = ['µs of CPU a request', 'requests/s', 'all threads', 'main', 'next busiest']
  return encodeTable({ columns, rows })
}

type Thread = SelfTimes & { readonly name: string; readonly file: string }

/** The threads that had something to do, the busiest first. */
const profile = async (): Promise<readonly Thread[]> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const server = await startBelfry(['--cpu-prof', `--cpu-prof-dir=${folder}`])
  await driveLoad(await loadOf(server, await createSourcesOn(server, sourceCount), 1))
  await server.stop()
  return readdirSync(folder)
    .map((file) => readThread(join(folder, file)))
    .filter(({ busyMs }) => busyMs >= 1_000)
    .sort((left, right) => right.busyMs - left.busyMs)
}

const readThread = (file: string): Thread => {
  const cpuProfile = decodeCpuProfile(readFileSync(file, 'utf8'))
  return { ...selfTimes(cpuProfile), name: threadOf(cpuProfile), file }
}

const printThread = ({ name: thread, file, functions, files, busyMs }: Thread): void => {
  console.log(`\n${thread} thread, busy for ${figure(busyMs / 1000)} s: ${file}`)
  console.log(encodeTable({ columns: ['self time', '%'], rows: toRows(functions, shownMax) }))
  console.log(encodeTable({ columns: ['by file', '%'], rows: toRows(files, shownMax) }))
}

const toRows = (times: readonly SelfTime[], max: number): readonly (readonly string[])[] =>
  times.slice(0, max).map(({ name: place, share }) => [`\`${place}\``, figure(share * 100)])

const howToSee = `As a flame graph each of these files opens in Chromium (DevTools, Performance, Load profile), in VS Code, and at https://www.speedscope.app (which reads it in the browser and sends it nowhere).`

const toSection = (thread: Thread): string =>
  `## The ${thread.name} thread\n\n${encodeTable({ columns: ['self time', '%'], rows: toRows(thread.functions, keptMax) })}`

const introduction = `# Profile

Where the two busiest threads spend their time under the load \`${name}\`: time in a function itself, without what it calls, as a share of the time in which the thread was not idle. Written by \`npm run bench:profile -- ${name} --write\`, which also leaves the profiles in \`.belfry-profile/\`. ${howToSee}`

const costs = await measure()
console.log(costs)
const threads = await profile()
for (const thread of threads) printThread(thread)
console.log(`\n${howToSee}`)
if (values.write) {
  const kept = ['main', 'writer'].flatMap(
    (wanted) => threads.find((thread) => thread.name === wanted) ?? [],
  )
  const page = [introduction, run, costs, ...kept.map(toSection)].join('\n\n')
  writeFileSync(join(repositoryFolder, 'bench', 'PROFILE.md'), `${page}\n`)
}
