import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { decodeMeasurement } from './decode-measurement.ts'
import { encodeTable, encodeVerdict } from './measurement.ts'
import type { Measurement } from './measurement.ts'
import { exitOf } from './process-exit.ts'
import { repositoryFolder } from './repository-folder.ts'

/** Every benchmark, in a process of its own; what they found is written to `bench/RESULTS.md`. */
const names = ['post-single', 'post-tenant-device', 'newest-of-source', 'delete-by-filter'] as const

/** Passes on what a benchmark prints, and answers what its last line says. */
const run = async (name: string): Promise<Measurement> => {
  const child = spawn(process.execPath, ['--import', 'tsx', `bench/${name}.ts`], {
    cwd: repositoryFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = exitOf(child)
  let last = ''
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) console.log(line)
    last = line
  }
  const code = await ended
  if (code !== 0) throw new Error(`${name} ended with code ${String(code)}`)
  return decodeMeasurement(last)
}

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: repositoryFolder, encoding: 'utf8' }).trim()

const describeRun = (): string => {
  const changed =
    git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ', changed since'
  const [{ model } = { model: 'unknown processor' }] = cpus()
  return [
    `- commit: ${git('rev-parse', '--short', 'HEAD')}${changed}`,
    `- machine: ${cpus().length} cores, ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory; load generator and server share it`,
    `- load average before the run: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')} (above the number of cores, other work was running)`,
    `- Node: ${process.version}`,
    `- command: \`npm run bench\``,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
  ].join('\n')
}

const encodeSection = (measurement: Measurement): string =>
  [
    `## ${measurement.name}`,
    `${measurement.about}.`,
    encodeTable(measurement),
    measurement.verdicts.map(encodeVerdict).join('\n'),
  ].join('\n\n')

const begin = describeRun()
const measurements: Measurement[] = []
for (const name of names) measurements.push(await run(name))
const introduction =
  'Written by `npm run bench`. Ratios of neighbouring rounds are comparable from machine to machine; absolute figures are not.'
const sections = measurements.map(encodeSection).join('\n\n')
writeFileSync(
  join(repositoryFolder, 'bench', 'RESULTS.md'),
  `# Results\n\n${introduction}\n\n${begin}\n\n${sections}\n`,
)
process.exitCode = measurements.every(({ verdicts }) => verdicts.every(({ holds }) => holds))
  ? 0
  : 1
