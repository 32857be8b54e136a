import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** What a command has to say: a document for programs and a text for people, or one line that says what is wrong. */
export type Outcome =
  | { readonly ok: true; readonly document: unknown; readonly text: string }
  | { readonly ok: false; readonly line: string; readonly usage?: true }

export const done = (document: unknown, text: string): Outcome => ({ ok: true, document, text })

export const refused = (line: string): { readonly ok: false; readonly line: string } => ({
  ok: false,
  line,
})

/** The command was called wrongly: exit code 2 instead of 1. */
export const misused = (line: string): Outcome => ({ ok: false, line, usage: true })

/** What every command gets: the terminal, and where its exit code goes. */
export type CommandContext = {
  readonly terminal: Terminal
  readonly exitWith: (code: number) => void
}

/**
 * Turns a function that answers an outcome into a commander action: prints the document with `--json`, else the
 * text; a refusal is one line on stderr and exit code 1, or 2 for a wrong call.
 */
export const printing =
  <Parameters extends readonly unknown[]>(
    { terminal, exitWith }: CommandContext,
    command: Command,
    run: (...parameters: Parameters) => Promise<Outcome>,
  ) =>
  async (...parameters: Parameters): Promise<void> => {
    const outcome = await run(...parameters)
    if (!outcome.ok) {
      terminal.err(`belfry: ${outcome.line}\n`)
      exitWith(outcome.usage ? 2 : 1)
      return
    }
    const { json } = command.opts<{ readonly json?: boolean }>()
    if (json === true) terminal.out(`${JSON.stringify(outcome.document, undefined, 2)}\n`)
    else if (outcome.text !== '') terminal.out(`${outcome.text}\n`)
  }

/** The section at the end of a command's `--help`. */
export const withExample = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExample:\n${lines.map((line) => `  ${line}`).join('\n')}\n`)

/** Rows under their titles, each column as wide as its longest cell. */
export const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [titles, ...rows]
  const widths = titles.map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  )
  return all
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}
