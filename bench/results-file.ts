import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { describeCommit, today } from './describe-commit.ts'
import { measurementList } from './measurement-list.ts'
import { encodeMeasurement } from './measurement.ts'
import type { Measurement } from './measurement.ts'
import { repositoryFolder } from './repository-folder.ts'

const path = join(repositoryFolder, 'bench', 'RESULTS.md')

const introduction = `# Results

Written by \`npm run bench\`; each section says which run it is from. Ratios of neighbouring rounds are comparable from machine to machine; absolute figures are not. Load generator and server share the machine.`

/** Puts a measurement in the place of an earlier one; the others stay. */
export const updateResults = (measurement: Measurement, run: string): void => {
  const sections = readSections()
  sections.set(
    measurement.name,
    `## ${measurement.name}\n\n${encodeMeasurement(measurement)}\n\n${run}`,
  )
  const ordered = measurementList.flatMap(({ name }) => sections.get(name) ?? [])
  writeFileSync(path, `${[introduction, ...ordered].join('\n\n')}\n`)
}

/** Machine, Node, commit and command, as they were before the measurement. */
export const describeRun = (command: string): string => {
  const [{ model } = { model: 'unknown processor' }] = cpus()
  const loads = loadavg().map((load) => load.toFixed(1))
  return [
    `- \`${command}\` on ${today()}`,
    `- commit ${describeCommit()}, Node ${process.version}`,
    `- ${cpus().length} cores, ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `- load average before it: ${loads.join(', ')} (above the number of cores, other work was running)`,
    ...describeSettings(),
  ].join('\n')
}

/** Settings reach every server through the environment, and change what is measured. Secrets are nobody's business. */
const describeSettings = (): readonly string[] => {
  const settings = Object.entries(process.env).filter(
    ([name]) => name.startsWith('BELFRY_') && !/PASSWORD|TOKEN/.test(name),
  )
  if (settings.length === 0) return []
  return [`- with ${settings.map(([name, value]) => `\`${name}=${value ?? ''}\``).join(', ')}`]
}

const readSections = (): Map<string, string> => {
  const [, ...sections] = readFileSync(path, 'utf8').split(/^## /m)
  return new Map(
    sections.map((section) => [section.slice(0, section.indexOf('\n')), `## ${section.trim()}`]),
  )
}
