import { describe, expect, it } from 'vitest'
import { compareCodePoints } from './code-points.ts'
import { compareSortKeys, hasPath, meetsComparison, sortKeyOf } from './fragment-values.ts'
import { matchesPattern } from './text-pattern.ts'
import type { Scalar } from './fragment-values.ts'

const fragments = [
  { name: 'a', value: '{"b":[{"c":1},{"c":"x"},[{"c":null}]],"e":[]}' },
  { name: 'flag', value: 'false' },
]

const isEqual = (path: readonly [string, ...string[]], literal: Scalar): boolean =>
  meetsComparison(fragments, { path, operator: 'eq', literal })

describe('values in fragments', () => {
  it('are found through objects and arrays', () => {
    expect([1, 'x', null].map((value) => isEqual(['a', 'b', 'c'], value))).toEqual([
      true,
      true,
      true,
    ])
    expect(isEqual(['a', 'b', 'c'], '1')).toBe(false)
    expect(isEqual(['flag'], false)).toBe(true)
  })

  it('that are not there are null, and those of an object are not', () => {
    expect(isEqual(['a', 'x'], null)).toBe(true)
    expect(isEqual(['x'], null)).toBe(true)
    expect(isEqual(['a'], null)).toBe(false)
    expect(isEqual(['a', 'e'], null)).toBe(false)
    expect(hasPath(fragments, ['a', 'e'])).toBe(true)
    expect(hasPath(fragments, ['a', 'constructor'])).toBe(false)
    expect(hasPath(fragments, ['a', 'b', 'length'])).toBe(false)
  })

  it('are in order by kind: none, numbers, texts by code point', () => {
    const keys = ['\u{1f600}', undefined, 'a', 2, '\uffff', -1]
    expect(keys.sort((left, right) => compareSortKeys(left, right))).toEqual([
      -1,
      2,
      'a',
      '\uffff',
      '\u{1f600}',
      undefined,
    ])
    expect(compareSortKeys(undefined, -1)).toBeLessThan(0)
    expect(sortKeyOf(fragments, ['a', 'b', 'c'])).toBe(1)
    expect(sortKeyOf(fragments, ['flag'])).toBe(0)
    expect(compareCodePoints('ab', 'abc')).toBeLessThan(0)
  })
})

describe('a pattern', () => {
  it.each([
    [['', ''], ''],
    [['door', ''], 'DOOR 1'],
    [['', 'DOOR'], 'front door'],
    [['a', 'b', 'a'], 'aba'],
    [['', 'b', ''], 'abc'],
    [['', '%', ''], '100%'],
  ])('%j matches %s', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(true)
  })

  it.each([
    [['a', 'a'], 'a'],
    [['aba', 'ba'], 'aba'],
    [['', 'x', ''], 'abc'],
    [['b', ''], 'abc'],
    [['', 'b'], 'abc'],
    [['_', ''], 'abc'],
  ])('%j does not match %s', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(false)
  })

  it('of many wildcards is decided in one pass', () => {
    const stars = Array.from({ length: 10_000 }, () => 'a')
    expect(matchesPattern([...stars, 'b'], 'a'.repeat(100_000))).toBe(false)
  })
})
