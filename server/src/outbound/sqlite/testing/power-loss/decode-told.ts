/**
 * A line of the load's own account, written when a call begins and when it was answered ok. `next` says what each event
 * is after the call: its text, or null when it is gone.
 */
export type Told = {
  readonly call: number
  readonly is: 'begun' | 'ok'
  readonly next: Readonly<Record<string, string | null>>
}

export const decodeTold = (line: string): Told => JSON.parse(line) as Told

/** What the load has had the store do, as it writes at its end. */
export type LoadCounts = { readonly rewrites: number; readonly merges: number }

export const decodeLoadCounts = (text: string): LoadCounts => JSON.parse(text) as LoadCounts
