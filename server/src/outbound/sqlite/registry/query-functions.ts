import { hasPath, meetsComparison, sortKeyOf } from '../../../core/fragment-values.ts'
import { hasWords } from '../../../core/has-words.ts'
import { matchesPattern } from '../../../core/text-pattern.ts'
import { decodeFragments } from './decode-registry-row.ts'
import { decodeComparison, decodePath, decodePattern } from './decode-query-text.ts'
import type { Database } from 'better-sqlite3'

/** What the statements ask the core, so that a query means the same as in memory. */
export const registerQueryFunctions = (db: Database): void => {
  const pure = { deterministic: true }
  const comparisonOf = remember(decodeComparison)
  const pathOf = remember(decodePath)
  const patternOf = remember(decodePattern)
  db.function('has_words', pure, (text: string, searched: string) =>
    Number(hasWords(text, searched)),
  )
  db.function('matches_pattern', pure, (value: string | number | null, pattern: string) =>
    value === null ? 0 : Number(matchesPattern(patternOf(pattern), String(value))),
  )
  db.function('meets_comparison', pure, (fragments: string, comparison: string) =>
    Number(meetsComparison(decodeFragments(fragments), comparisonOf(comparison))),
  )
  db.function('has_path', pure, (fragments: string, path: string) =>
    Number(hasPath(decodeFragments(fragments), pathOf(path))),
  )
  db.function('sort_key', pure, (fragments: string, path: string) =>
    sortKeyOf(decodeFragments(fragments), pathOf(path)),
  )
}

const rememberedMax = 100

/** A statement says the same for every row; it is read once. */
const remember = <T>(decode: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (known.size >= rememberedMax) known.clear()
    const decoded = decode(text)
    known.set(text, decoded)
    return decoded
  }
}
