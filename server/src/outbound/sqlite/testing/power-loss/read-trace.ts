import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * A system call as strace saw it. Its effect lies somewhere between the lines `from` and `to` of the trace; what is
 * written in one line happened with nothing else in between.
 */
export type TracedCall = {
  readonly name: string
  /** With strings and paths as strace writes them, each byte in hexadecimal. */
  readonly args: string
  readonly result: number
  readonly from: number
  readonly to: number
}

const callPattern = /^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)/s
const unfinishedPattern = /^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$/s
const resumedPattern = /^(\d+)\s+<\.\.\. (\w+) resumed>.*= (-?\d+)/s

/** Reads what `strace -f -y -xx -o` wrote, in the order in which the calls ended, without those that never did. */
export const readTrace = async (path: string): Promise<readonly TracedCall[]> => {
  const calls: TracedCall[] = []
  const open: OpenCalls = new Map()
  let at = 0
  for await (const line of createInterface({ input: createReadStream(path, 'latin1') })) {
    at += 1
    const call = readWhole(line, at) ?? readEnd(open, line, at)
    if (call) calls.push(call)
    else readBegin(open, line, at)
  }
  return calls
}

/** By thread, which makes one call at a time. */
type OpenCalls = Map<string, Pick<TracedCall, 'name' | 'args' | 'from'>>

const readWhole = (line: string, at: number): TracedCall | undefined => {
  const [, name, args, result] = callPattern.exec(line) ?? []
  if (name === undefined || args === undefined) return undefined
  return { name, args, result: Number(result), from: at, to: at }
}

const readEnd = (open: OpenCalls, line: string, at: number): TracedCall | undefined => {
  const [, thread = '', , result] = resumedPattern.exec(line) ?? []
  const begun = open.get(thread)
  open.delete(thread)
  return begun && { ...begun, result: Number(result), to: at }
}

const readBegin = (open: OpenCalls, line: string, at: number): void => {
  const [, thread, name, args] = unfinishedPattern.exec(line) ?? []
  if (thread === undefined || name === undefined || args === undefined) return
  open.set(thread, { name, args, from: at })
}

/** The bytes of a string of the trace: `\x61\x62`. */
export const decodeHex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex')
