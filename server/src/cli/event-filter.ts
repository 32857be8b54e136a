import type { Command } from 'commander'

export type FilterOptions = {
  readonly device?: string
  readonly type?: string
  readonly fragment?: string
  readonly text?: string
  readonly from?: string
  readonly to?: string
}

/** Adds the options that say which events are meant. */
export const addFilterOptions = (command: Command, extent: 'what' | 'what and when'): Command => {
  command
    .option('--device <id>', 'Only from this device.')
    .option('--type <type>', 'Only of this type.')
    .option('--fragment <name>', 'Only with a fragment of this name.')
    .option('--text <words>', 'Only with each of these words in the text, whatever the case.')
  return extent === 'what'
    ? command
    : command
        .option('--from <time>', 'Only from this time on (ISO 8601).')
        .option('--to <time>', 'Only before this time (ISO 8601).')
}

/** The query parameters of the Cumulocity dialect (docs/protocols/cumulocity.md, 3.2). */
export const encodeFilter = (options: FilterOptions): URLSearchParams => {
  const filter = new URLSearchParams()
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) filter.set(name, value)
  }
  set('source', options.device)
  set('type', options.type)
  set('fragmentType', options.fragment)
  set('text', options.text)
  set('dateFrom', options.from)
  set('dateTo', options.to)
  return filter
}
