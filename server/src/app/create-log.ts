import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from './log-level.ts'

/** What everything writes its log to. */
export type Log = Logger

/**
 * The log: JSON lines on stderr, or readable ones when stderr is a terminal. Written at once, so that the last line before an
 * end is never lost. Nothing that is passed to it may hold bodies or credentials.
 */
export const createLog = (level: LogLevel): Log =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    process.stderr.isTTY ? readable(process.stderr) : pino.destination({ dest: 2, sync: true }),
  )

const readable = (stream: Pick<NodeJS.WriteStream, 'write'>): DestinationStream => ({
  write: (line) => stream.write(encodeReadable(line)),
})

const levelNames: Readonly<Record<number, string>> = pino.levels.labels

/** `12:00:00.000 WARN  message  name=value …`, with an error's stack on the lines below. */
export const encodeReadable = (line: string): string => {
  const { time, level, msg, err, ...rest } = decodeLine(line)
  const clock = typeof time === 'string' ? time.slice(11, 23) : ''
  const name = (levelNames[Number(level)] ?? '').toUpperCase().padEnd(5)
  const members = Object.entries(rest).map(([key, value]) => `  ${key}=${encodeValue(value)}`)
  const message = typeof msg === 'string' ? msg : ''
  return `${clock} ${name} ${message}${members.join('')}\n${encodeError(err)}`
}

const decodeLine = (line: string): Readonly<Record<string, unknown>> => {
  const members: unknown = JSON.parse(line)
  return typeof members === 'object' && members !== null ? { ...members } : {}
}

const encodeValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const encodeError = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return ''
  return `${String(error.stack)}\n`
}
