import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { atExit } from './at-exit.ts'
import { decodeMeasurement } from './decode-measurement.ts'
import { measurementList } from './measurement-list.ts'
import type { ListedMeasurement } from './measurement-list.ts'
import { isMissed } from './measurement.ts'
import type { Measurement } from './measurement.ts'
import { exitOf } from './process-exit.ts'
import { repositoryFolder } from './repository-folder.ts'
import { describeRun, updateResults } from './results-file.ts'
import { decodeEvents } from './run-options.ts'

const usage = `npm run bench -- [name…] [--all] [--list] [--events N] [--fleets FOLDER] [--dry]

Without a name: everything that needs no fleet, in some minutes.
--all      everything
--list     the names
--events   size of the large fleet, 10,000,000 unless said otherwise
--fleets   keeps the loaded fleets in this folder and uses those that are there
--dry      leaves bench/RESULTS.md as it is`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    events: { type: 'string' },
    fleets: { type: 'string' },
  },
})
const events = decodeEvents(values.events)
const command = [
  'npm run bench',
  ...(process.argv.length > 2 ? ['--'] : []),
  ...process.argv.slice(2),
].join(' ')
const scratchFolder = join(repositoryFolder, `.belfry-bench-fleets-${process.pid}`)

const choose = (): readonly ListedMeasurement[] => {
  const unknown = positionals.filter(
    (name) => !measurementList.some((listed) => listed.name === name),
  )
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}: see --list`)
  if (positionals.length > 0)
    return measurementList.filter(({ name }) => positionals.includes(name))
  return measurementList.filter(({ needsFleet }) => values.all || !needsFleet)
}

/** Runs it in a process of its own, passes on what it prints, and answers what its last line says. */
const run = async (name: string): Promise<Measurement> => {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', `bench/measurements/${name}.ts`],
      ...['--events', String(events), '--fleets', values.fleets ?? scratchFolder],
    ],
    { cwd: repositoryFolder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  atExit(() => child.kill())
  const ended = exitOf(child)
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    last = line
  }
  const code = await ended
  if (code !== 0) throw new Error(`${name} ended with code ${String(code)}`)
  return decodeMeasurement(last)
}

const runChosen = async (): Promise<void> => {
  for (const { name } of choose()) {
    console.log(`\n${name}`)
    const description = describeRun(command)
    const measurement = await run(name)
    if (!values.dry) updateResults(measurement, description)
    if (measurement.targets.some(isMissed)) process.exitCode = 1
  }
}

if (values.help) console.log(usage)
else if (values.list) {
  for (const { name, about, needsFleet } of measurementList) {
    console.log(`${name.padEnd(20)}${about}${needsFleet ? ' (fleet)' : ''}`)
  }
} else {
  atExit(() => {
    rmSync(scratchFolder, { recursive: true, force: true })
  })
  await runChosen()
}
