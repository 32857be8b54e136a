import { describe, expect, it } from 'vitest'
import { queryDepthMax, queryOrdersMax, queryTermsMax } from './limits.ts'
import { parseObjectQuery } from './parse-object-query.ts'

const conditionOf = (text: string) => parseObjectQuery(text)?.condition

describe('a query of the inventory', () => {
  it.each([
    'name',
    'name eq',
    "name = 'x'",
    "name like 'x'",
    "name eq 'x",
    'name eq x',
    "name eq 'x' and",
    "and name eq 'x'",
    "name eq 'x' name eq 'y'",
    "(name eq 'x'",
    "name eq 'x')",
    '()',
    'has()',
    'has(a b)',
    'has(a,b)',
    'has(a*)',
    'unknown(a)',
    'bygroupid(1',
    "creationTime.date gt 'yesterday'",
    'a..b eq 1',
    '.a eq 1',
    'a[0] eq 1',
    'a eq 1e999d',
    '$filter=has(a) $filter=has(b)',
    '$top=5',
    '$orderby=',
    '$orderby=name up',
    '$orderby=name,',
    "name eq 'x' $filter=has(a)",
    '%',
    '$',
  ])('%s is not understood', (text) => {
    expect(parseObjectQuery(text)).toBeUndefined()
  })

  it('may be a bare filter, a filter, an order, or both', () => {
    const has = { kind: 'has', path: ['a'] }
    const by = { by: { kind: 'text', name: 'name' }, descending: true }
    expect(parseObjectQuery('has(a)')).toEqual({ condition: has, order: [] })
    expect(parseObjectQuery(' $filter=( has( a ) ) ')).toEqual({ condition: has, order: [] })
    expect(parseObjectQuery('$filter=has(a) $orderby=name desc')).toEqual({
      condition: has,
      order: [by],
    })
    expect(parseObjectQuery('has(a) $orderby=name desc')).toEqual({ condition: has, order: [by] })
    expect(parseObjectQuery('$orderby=name desc,creationTime')?.order).toEqual([
      by,
      { by: { kind: 'number', name: 'creation' }, descending: false },
    ])
    expect(parseObjectQuery('')).toEqual({ condition: undefined, order: [] })
    expect(parseObjectQuery('$filter= $orderby=name desc')?.order).toEqual([by])
  })

  it('binds not before and, and and before or', () => {
    const has = (name: string) => ({ kind: 'has', path: [name] })
    expect(conditionOf('has(a) or has(b) and not has(c)')).toEqual({
      kind: 'or',
      of: [has('a'), { kind: 'and', of: [has('b'), { kind: 'not', of: has('c') }] }],
    })
    expect(conditionOf('(has(a) or has(b)) AND has(c)')).toEqual({
      kind: 'and',
      of: [{ kind: 'or', of: [has('a'), has('b')] }, has('c')],
    })
  })

  it('reads texts with doubled quotes, and with what clients escape', () => {
    const is = (text: string) => ({ kind: 'text-is', name: 'name', text })
    expect(conditionOf("name eq 'it''s'")).toEqual(is("it's"))
    expect(conditionOf(String.raw`name eq 'a\\b\(c\)\*'`)).toEqual(is(String.raw`a\b(c)*`))
    expect(conditionOf(String.raw`name eq 'C:\temp'`)).toEqual(is(String.raw`C:\temp`))
    expect(conditionOf("name eq 'and $filter=(x)'")).toEqual(is('and $filter=(x)'))
    expect(conditionOf("name eq ''")).toEqual(is(''))
  })

  it('reads a star in a text as a wildcard, for equality only', () => {
    expect(conditionOf("name eq 'a*b'")).toEqual({
      kind: 'text-like',
      name: 'name',
      pattern: ['a', 'b'],
    })
    expect(conditionOf("name gt 'a*b'")).toMatchObject({ kind: 'text-range', text: 'a*b' })
  })

  it.each([
    ['5', 5],
    ['-5', -5],
    ['1.5', '1.5'],
    ['1.5f', 1.5],
    ['1.5D', 1.5],
    ['1e3d', 1000],
    ['5L', 5],
    ['true', true],
    ['null', null],
    ["'5'", '5'],
  ])('reads the value %s', (text, literal) => {
    expect(conditionOf(`a.b eq ${text}`)).toEqual({
      kind: 'fragment',
      comparison: { path: ['a', 'b'], operator: 'eq', literal },
    })
  })

  it('compares standard properties as what they are', () => {
    expect(conditionOf('name eq 42')).toEqual({ kind: 'text-is', name: 'name', text: '42' })
    expect(conditionOf('name eq null')).toEqual({ kind: 'text-absent', name: 'name' })
    expect(conditionOf("id eq '42'")).toEqual({
      kind: 'number',
      name: 'id',
      operator: 'eq',
      number: 42,
    })
    expect(conditionOf("id eq 'x'")).toEqual({ kind: 'or', of: [] })
    const moment = { kind: 'number', name: 'creation', operator: 'ge', number: 0 }
    expect(conditionOf("creationTime.date ge '1970-01-01T01:00:00+01:00'")).toEqual(moment)
    expect(conditionOf("creationTime ge '1970-01-01T01:00:00 01:00'")).toEqual(moment)
    expect(conditionOf('name ne null')).toEqual({
      kind: 'not',
      of: { kind: 'text-absent', name: 'name' },
    })
  })

  it('is bounded in terms, orders and levels', () => {
    const terms = (count: number) => Array.from({ length: count }, () => '(a eq 1)').join(' or ')
    expect(parseObjectQuery(terms(queryTermsMax))).toBeDefined()
    expect(parseObjectQuery(terms(queryTermsMax + 1))).toBeUndefined()
    const orders = (count: number) => `$orderby=${Array.from({ length: count }, () => 'a').join()}`
    expect(parseObjectQuery(orders(queryOrdersMax))).toBeDefined()
    expect(parseObjectQuery(orders(queryOrdersMax + 1))).toBeUndefined()
    const levels = (count: number) => `${'('.repeat(count)}a eq 1${')'.repeat(count)}`
    expect(parseObjectQuery(levels(queryDepthMax))).toBeDefined()
    expect(parseObjectQuery(levels(queryDepthMax + 1))).toBeUndefined()
    expect(parseObjectQuery('('.repeat(100_000))).toBeUndefined()
    expect(parseObjectQuery('not '.repeat(100_000))).toBeUndefined()
  })
})
