import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createSourcesOn } from './create-sources.ts'
import { decodeCpuProfile } from './decode-cpu-profile.ts'
import { driveLoad } from './drive-load.ts'
import type { Round } from './drive-load.ts'
import { sourceCount } from './event-bodies.ts'
import { loads } from './loads.ts'
import { encodeTable, figure } from './measurement.ts'
import { repositoryFolder } from './repository-folder.ts'
import { selfTimes } from './self-times.ts'
import type { SelfTime } from './self-times.ts'
import { startBelfry, startRival } from './start-server.ts'

/**
 * `npm run bench:profile [single|tenant-device|bulk] [rounds]`: what a request costs each thread, in turn with the null
 * server, and where the main thread and the writer spend it. The profiles stay in `.belfry-profile/`; as flame graphs
 * they open in Chrome (DevTools, Performance, load), in VS Code and at speedscope.app.
 */
const [name = 'single', rounds = '3'] = process.argv.slice(2)
const loadOf = loads[name]
if (loadOf === undefined) throw new Error(`a load is one of ${Object.keys(loads).join(', ')}`)

const folder = join(repositoryFolder, '.belfry-profile')
const shownMax = 45

const toRow = (server: string, round: Round): readonly string[] => [
  server,
  figure(round.requestsPerSecond),
  figure(round.cpuPerRequestUs),
  figure(round.mainPerRequestUs),
  figure(round.busiestPerRequestUs),
]

const measure = async (): Promise<void> => {
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
  console.log(encodeTable({ columns, rows }))
}

const profile = async (): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const server = await startBelfry(['--cpu-prof', `--cpu-prof-dir=${folder}`])
  await driveLoad(await loadOf(server, await createSourcesOn(server, sourceCount), 1))
  await server.stop()
  for (const file of readdirSync(folder)) printProfile(join(folder, file))
}

/** Threads that had next to nothing to do are left out. */
const printProfile = (file: string): void => {
  const cpuProfile = decodeCpuProfile(readFileSync(file, 'utf8'))
  const { functions, files, busyMs } = selfTimes(cpuProfile)
  if (busyMs < 1_000) return
  console.log(`\n${file}: busy for ${figure(busyMs / 1000)} s`)
  console.log(encodeTable({ columns: ['self time', '%'], rows: toRows(functions) }))
  console.log(encodeTable({ columns: ['by file', '%'], rows: toRows(files) }))
}

const toRows = (times: readonly SelfTime[]): readonly (readonly string[])[] =>
  times.slice(0, shownMax).map(({ name: place, share }) => [place, figure(share * 100)])

await measure()
await profile()
