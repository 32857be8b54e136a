/**
 * The members of a JSON object in a file of ours. Bytes that the disk has changed are no bug: what is no JSON, or no
 * object, has no members.
 */
export const decodeJsonObject = (text: string): Partial<Record<string, unknown>> => {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
