import type { Result } from '../core/failure.ts'
import type { Log } from './create-log.ts'

/** To be told of each try. Says in the log when tries begin to fail, and when they no longer do: once each. */
export type Trouble = (tried: Result<void>) => void

export type TroubleWords = { readonly begun: string; readonly over: string }

/** What is tried every few seconds fails for as long as a disk is full: a line for each try would hide all others. */
export const createTrouble = (
  { begun, over }: TroubleWords,
  log: Pick<Log, 'warn' | 'info'>,
): Trouble => {
  let isFailing = false
  return (tried) => {
    if (tried.ok !== isFailing) return
    isFailing = !tried.ok
    if (tried.ok) log.info(over)
    else log.warn({ failure: tried.failure }, begun)
  }
}
