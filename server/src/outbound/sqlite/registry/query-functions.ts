import { hasPath, meetsComparison, sortKeyOf } from '../../../core/fragment-values.ts'
import { hasWords } from '../../../core/has-words.ts'
import { matchesPattern } from '../../../core/text-pattern.ts'
import { decodeFragments } from './decode-registry-row.ts'
import { decodeComparison, decodePath, decodePattern } from './decode-query-text.ts'
import type { Database } from 'better-sqlite3'
import type { Patience } from '../parts/tables/patience.ts'

/**
 * What the statements ask the core, so that a query means the same as in memory. Each row that is looked at costs some of
 * the call's patience: a query of many conditions over many objects must not keep a thread from the reads of others.
 */
export const registerQueryFunctions = (db: Database, patience: Patience): void => {
  const pure = { deterministic: true }
  const comparisonOf = remember(decodeComparison)
  const pathOf = remember(decodePath)
  const patternOf = remember(decodePattern)
  const fragmentsOf = rememberLast(decodeFragments)
  db.function('has_words', pure, (text: string, searched: string) => {
    patience.check()
    return Number(hasWords(text, searched))
  })
  db.function('matches_pattern', pure, (value: string | number | null, pattern: string) => {
    patience.check()
    return value === null ? 0 : Number(matchesPattern(patternOf(pattern), String(value)))
  })
  db.function('meets_comparison', pure, (fragments: string, comparison: string) => {
    patience.check()
    return Number(meetsComparison(fragmentsOf(fragments), comparisonOf(comparison)))
  })
  db.function('has_path', pure, (fragments: string, path: string) => {
    patience.check()
    return Number(hasPath(fragmentsOf(fragments), pathOf(path)))
  })
  db.function('sort_key', pure, (fragments: string, path: string) => {
    patience.check()
    return sortKeyOf(fragmentsOf(fragments), pathOf(path))
  })
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

/** The conditions of a query look at one row after the other: what several of them ask of it is read once. */
const rememberLast = <T>(decode: (text: string) => T): ((text: string) => T) => {
  let last: { readonly text: string; readonly decoded: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, decoded: decode(text) }
    return last.decoded
  }
}
