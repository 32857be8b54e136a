/** The levels of the log, from everything to nothing. */
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type LogLevel = (typeof logLevels)[number]

export const decodeLogLevel = (text: string): LogLevel | undefined =>
  logLevels.find((level) => level === text)
