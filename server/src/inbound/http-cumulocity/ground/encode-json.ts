/**
 * Plain data as JSON, in which some values stand as they were sent: `JSON.parse` would lose the digits of a number beyond a
 * double. All else is as `JSON.stringify` has it.
 */
export const encodeJson = (value: unknown): string => {
  if (value instanceof SentJson) return value.text
  if (Array.isArray(value)) return `[${value.map(encodeElement).join(',')}]`
  if (typeof value !== 'object' || value === null) return encodeScalar(value)
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${JSON.stringify(name)}:${encodeJson(member)}`],
  )
  return `{${members.join(',')}}`
}

/** A value as the sender's own JSON text, which has been read before (docs/protocols/cumulocity.md, 2). */
export const asSent = (text: string): SentJson => new SentJson(text)

/** A class, because only `instanceof` tells it from an object that happens to look like it. */
export class SentJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const encodeElement = (element: unknown): string =>
  element === undefined ? 'null' : encodeJson(element)

const encodeScalar = (value: unknown): string => JSON.stringify(value)
