/** The ids of a collection: `{"managedObjects": [{"id": …}]}`. */
export const decodeIds = (text: string, collection: string): readonly string[] => {
  const body = JSON.parse(text) as Readonly<Record<string, readonly { readonly id: string }[]>>
  return (body[collection] ?? []).map(({ id }) => id)
}

export type ListedEvent = {
  readonly source: { readonly id: string }
  readonly time: string
}

/** What a benchmark checks in a list of events. */
export const decodeEventList = (
  text: string,
): {
  readonly events: readonly ListedEvent[]
  readonly statistics: { readonly totalElements?: number; readonly totalPages?: number }
} => JSON.parse(text) as ReturnType<typeof decodeEventList>

/** The members of a JSON object. */
export const decodeObject = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text) as Readonly<Record<string, unknown>>
