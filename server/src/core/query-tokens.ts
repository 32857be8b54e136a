import type { TextPattern } from './text-pattern.ts'

/** The pieces of a query of the inventory. */
export type QueryToken =
  | { readonly kind: 'clause'; readonly name: 'filter' | 'orderby' }
  | { readonly kind: 'mark'; readonly mark: '(' | ')' | ',' }
  /** A name, a path, an operator, or a bare value. */
  | { readonly kind: 'word'; readonly word: string }
  /** A text in single quotes; its parts stand between wildcards, so that one part is a text without any. */
  | { readonly kind: 'text'; readonly parts: TextPattern }

/** Undefined for a character that begins nothing, or a text without an end. */
export const readQueryTokens = (query: string): readonly QueryToken[] | undefined => {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < query.length) {
    const found = readToken(query, at)
    if (found === undefined) return undefined
    if (found.token !== undefined) tokens.push(found.token)
    at = found.end
  }
  return tokens
}

type Found = { readonly token: QueryToken | undefined; readonly end: number }

const space = /\s+/uy
const mark = /[(),]/y
const clause = /\$(filter|orderby)\s*=/uy
const word = /[^\s(),'$]+/uy

const readToken = (query: string, at: number): Found | undefined => {
  if (query.charAt(at) === quote) return readText(query, at)
  const spaces = matchAt(space, query, at)
  if (spaces !== undefined) return { token: undefined, end: at + spaces[0].length }
  const one = matchAt(mark, query, at)?.[0]
  if (one === '(' || one === ')' || one === ',') {
    return { token: { kind: 'mark', mark: one }, end: at + 1 }
  }
  const named = matchAt(clause, query, at)
  if (named !== undefined) {
    const name = named[1] === 'filter' ? 'filter' : 'orderby'
    return { token: { kind: 'clause', name }, end: at + named[0].length }
  }
  const plain = matchAt(word, query, at)?.[0]
  return plain === undefined
    ? undefined
    : { token: { kind: 'word', word: plain }, end: at + plain.length }
}

const matchAt = (pattern: RegExp, query: string, at: number): RegExpExecArray | undefined => {
  pattern.lastIndex = at
  return pattern.exec(query) ?? undefined
}

const quote = "'"

/** What a backslash takes its meaning from; before anything else it stands for itself. */
const escapable = '\\()[]{}*'

/** A quote is written twice, and what clients escape with a backslash stands for itself. */
const readText = (query: string, start: number): Found | undefined => {
  const parts: string[] = []
  let part = ''
  let at = start + 1
  for (;;) {
    const letter = query.charAt(at)
    const next = query.charAt(at + 1)
    if (letter === '') return undefined
    if (letter === quote && next !== quote) break
    const isPair = letter === quote || (letter === '\\' && next !== '' && escapable.includes(next))
    if (letter === '*') {
      parts.push(part)
      part = ''
    } else part += isPair ? next : letter
    at += isPair ? 2 : 1
  }
  return { token: { kind: 'text', parts: [...parts, part] }, end: at + 1 }
}
