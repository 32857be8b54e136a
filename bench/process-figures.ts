import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts in hundredths of a second (`getconf CLK_TCK`). */
const tickMs = 10

/** Processor time of a process with all its threads, user and system, in milliseconds. Linux only. */
export const readCpuMs = (pid: number): number => readStatMs(`/proc/${pid}/stat`)

/**
 * Processor time of each thread of a process by its number, in milliseconds; the main thread has the number of the process.
 * Linux only.
 */
export const readThreadsMs = (pid: number): ReadonlyMap<number, number> =>
  new Map(
    readdirSync(`/proc/${pid}/task`).map((thread) => [
      Number(thread),
      readStatMs(`/proc/${pid}/task/${thread}/stat`),
    ]),
  )

const readStatMs = (path: string): number => {
  const stat = readFileSync(path, 'utf8')
  // The second field is the command in parentheses and may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory of a process in megabytes. Linux only. */
export const readResidentMb = (pid: number): number => readMb(pid, /^VmRSS:\s+(\d+) kB$/m)

/** The most that it ever was. */
export const readResidentPeakMb = (pid: number): number => readMb(pid, /^VmHWM:\s+(\d+) kB$/m)

const readMb = (pid: number, line: RegExp): number => {
  const [, kibibytes] = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kibibytes) * 1024) / 1e6
}
