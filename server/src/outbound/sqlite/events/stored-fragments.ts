import { isFragmentValue } from '../../../core/fragments.ts'
import type { Fragments } from '../../../core/fragments.ts'

/**
 * Fragments as they lie in a row: the names joined (they are white-space free, so a line feed parts
 * them) and the values' texts joined by a control character that no JSON text can contain. Names are kept
 * once for all rows of the same shape.
 */
export type StoredFragments = { readonly names: string; readonly values: string }

const nameSeparator = '\n'
const valueSeparator = '\u001f'

/** Names beyond this length go into the row itself, so that odd senders don't swell the dictionary. */
const shapeNamesLengthMax = 4_096

export const encodeNames = (fragments: Fragments): string => {
  let names = ''
  for (const { name } of fragments) names += names === '' ? name : nameSeparator + name
  return names
}

export const encodeValues = (fragments: Fragments): string => {
  let values = ''
  for (const { value } of fragments) values += values === '' ? value : valueSeparator + value
  return values
}

export const decodeFragments = ({ names, values }: StoredFragments): Fragments => {
  if (names === '') return []
  const texts = values.split(valueSeparator)
  return names.split(nameSeparator).map((name, at) => ({ name, value: texts[at] ?? 'null' }))
}

export const splitNames = (names: string): readonly string[] =>
  names === '' ? [] : names.split(nameSeparator)

export const isDictionaryShape = (names: string): boolean => names.length <= shapeNamesLengthMax

/** A row of shape 0: names, an empty line, values. */
export const joinOwnNames = ({ names, values }: StoredFragments): string =>
  `${names}${nameSeparator}${nameSeparator}${values}`

/** The opposite of `joinOwnNames` for rows without a shape; others pass through. */
export const splitOwnNames = (names: string | null, fragments: string): StoredFragments => {
  if (names !== null) return { names, values: fragments }
  const end = fragments.indexOf(nameSeparator + nameSeparator)
  return { names: fragments.slice(0, end), values: fragments.slice(end + 2) }
}

/** Whether a row has the fragment, and, unless `text` is null, whether it is that string. */
export const hasFragment = (
  stored: StoredFragments,
  name: string,
  text: string | null,
): boolean => {
  const at = splitNames(stored.names).indexOf(name)
  if (at < 0 || text === null) return at >= 0
  return isFragmentValue(stored.values.split(valueSeparator)[at] ?? 'null', text)
}
