import { createInterface } from 'node:readline'

/** What a command has around it: the process's streams and environment, or a test's. */
export type Terminal = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Asks without showing what is typed; undefined when nobody can be asked. */
  readonly askSecret: (question: string) => Promise<string | undefined>
  /** Asks a yes-or-no question; false when nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>
  /** All of standard input. */
  readonly readInput: () => Promise<string>
}

export const createTerminal = (environment: Terminal['environment']): Terminal => ({
  environment,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  askSecret: async (question) => (process.stdin.isTTY ? await ask(question, true) : undefined),
  confirm: async (question) => {
    if (!process.stdin.isTTY) return false
    const reply = await ask(`${question} [y/N] `, false)
    return /^y(es)?$/i.test(reply?.trim() ?? '')
  },
  readInput: async () => {
    let text = ''
    process.stdin.setEncoding('utf8')
    for await (const chunk of process.stdin) text += String(chunk)
    return text
  },
})

/** The question goes to stderr, so that a command's output can be piped while it asks. */
const ask = (question: string, hidden: boolean): Promise<string | undefined> =>
  new Promise((resolve) => {
    process.stderr.write(question)
    const lines = createInterface({
      input: process.stdin,
      terminal: hidden,
      ...(hidden ? {} : { output: process.stderr }),
    })
    lines.once('line', (line) => {
      if (hidden) process.stderr.write('\n')
      resolve(line)
      lines.close()
    })
    lines.once('close', () => {
      resolve(undefined)
    })
  })
