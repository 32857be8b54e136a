export type PostedEvent = {
  readonly source: { readonly id: string }
  readonly type: string
  readonly text: string
  readonly time: string
  readonly [fragment: string]: unknown
}

/** The body of a load; a server for a benchmark trusts it. */
export const decodePostedEvent = (body: unknown): PostedEvent => body as PostedEvent

/** The id of the one row that an insert gives back. */
export const decodeRowId = (rows: readonly unknown[]): string => (rows[0] as { id: string }).id
