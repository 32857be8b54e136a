/** Looks into answers of a server without trusting their shape. */

export type AnswerObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is AnswerObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value behind a path of names, or undefined. */
export const valueAt = (answer: unknown, ...path: readonly string[]): unknown => {
  let value = answer
  for (const name of path) value = isObject(value) ? value[name] : undefined
  return value
}

/** A text or number as text; '' when there is none. */
export const textAt = (answer: unknown, ...path: readonly string[]): string => {
  const value = valueAt(answer, ...path)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export const listAt = (answer: unknown, ...path: readonly string[]): readonly unknown[] => {
  const value = valueAt(answer, ...path)
  return Array.isArray(value) ? value : []
}

/** JSON when it is, else the text itself. */
export const decodeJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
