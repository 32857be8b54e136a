import type { FragmentComparison, FragmentPath } from '../../../core/fragment-values.ts'
import type { TextPattern } from '../../../core/text-pattern.ts'

/** What `object-conditions.ts` has written into a bound value, read back. */
export const decodeComparison = (text: string): FragmentComparison =>
  JSON.parse(text) as FragmentComparison

export const decodePath = (text: string): FragmentPath => JSON.parse(text) as FragmentPath

export const decodePattern = (text: string): TextPattern => JSON.parse(text) as TextPattern
