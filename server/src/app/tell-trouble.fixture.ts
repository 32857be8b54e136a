import { pino } from 'pino'
import type { Log } from './create-log.ts'

/** A log that keeps its messages. */
export const listenToLog = (): { readonly log: Log; readonly lines: () => readonly string[] } => {
  const lines: string[] = []
  const log = pino({ base: null, messageKey: 'msg' }, { write: (line) => lines.push(msgOf(line)) })
  return { log, lines: () => lines }
}

const msgOf = (line: string): string => {
  const members: unknown = JSON.parse(line)
  return String(Reflect.get(Object(members), 'msg'))
}
