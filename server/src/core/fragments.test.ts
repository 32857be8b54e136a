import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeFragments,
  fragmentIssues,
  isFragmentValue,
  mergeFragments,
  toFragments,
} from './fragments.ts'
import { readMembers } from './json-text.ts'
import { fragmentNameLengthMax, fragmentsMax } from './limits.ts'
import type { Fragment, Fragments } from './fragments.ts'

const issuesOf = (...names: readonly string[]) =>
  fragmentIssues(names.map((name) => ({ name, value: '1' })))

const named = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'constructor', '0', '1'),
  value: fc.constantFrom('1', '1.50', '"x"', '{}', 'null', '"null"', '[null]', ' null'),
})
const fragments = fc.uniqueArray(named, { selector: ({ name }) => name })

const valueOf = (list: Fragments, wanted: string): string | undefined =>
  list.find(({ name }) => name === wanted)?.value

describe('a fragment name', () => {
  it.each(Array.from(" \t\n\r\f\v.,*[]()@$/'\u00a0\u2003\u2028\u2029\u3000\ufeff"))(
    'must not contain %j anywhere',
    (character) => {
      for (const name of [character, `${character}a`, `a${character}`, `a${character}b`]) {
        expect(issuesOf(name)).toHaveLength(1)
      }
    },
  )

  it.each([
    ...[
      'a',
      'c8y_Position',
      'com-cumulocity:x',
      'Größe',
      '位置',
      '\u{1f600}',
      '"',
      '\\',
      '{}',
      '<>',
    ],
    ...[
      'constructor',
      'toString',
      'hasOwnProperty',
      '0',
      '#',
      '%',
      '&',
      '=',
      '?',
      '!',
      ';',
      '|',
      '~',
    ],
  ])('may be %s', (name) => {
    expect(issuesOf(name)).toEqual([])
  })

  it('must not be empty', () => {
    expect(issuesOf('')).toMatchObject([{ path: '', problem: 'wrong' }])
  })

  it.each(['a', 'é', '\u{1f600}'])('of %s is counted in code points', (character) => {
    expect(issuesOf(character.repeat(fragmentNameLengthMax))).toEqual([])
    expect(issuesOf(character.repeat(fragmentNameLengthMax + 1))).toHaveLength(1)
  })

  it('is told by its beginning only, never cut inside a character', () => {
    for (const prefix of ['', 'a']) {
      const [issue] = issuesOf(`${prefix}${'\u{1f600}'.repeat(500)}`)
      expect(Array.from(issue?.path ?? '')).toHaveLength(80)
      expect(issue?.path).not.toMatch(/\p{Surrogate}/u)
    }
  })
})

describe('the number of fragments', () => {
  const many = (count: number, name: string): Fragments =>
    Array.from({ length: count }, (_, index) => ({ name: `${name}${index}`, value: '1' }))

  it('is bounded', () => {
    expect(fragmentIssues(many(fragmentsMax, 'n'))).toEqual([])
    expect(fragmentIssues(many(fragmentsMax + 1, 'n'))).toHaveLength(1)
  })

  it('is the only issue when it is too large, whatever the names', () => {
    expect(fragmentIssues(many(100_000, '$'))).toHaveLength(1)
  })

  it('hides no bad name below the bound', () => {
    expect(fragmentIssues(many(fragmentsMax, '$'))).toHaveLength(fragmentsMax)
  })
})

describe('merging fragments', () => {
  it('replaces and removes by name, and leaves the rest', () => {
    fc.assert(
      fc.property(fragments, fragments, (old, change) => {
        const merged = mergeFragments(old, change)
        for (const { name } of [...old, ...change]) {
          const changed = valueOf(change, name)
          const expected = changed === 'null' ? undefined : (changed ?? valueOf(old, name))
          expect(valueOf(merged, name)).toBe(expected)
        }
        expect(new Set(merged.map(({ name }) => name)).size).toBe(merged.length)
        for (const { name } of merged) {
          expect(valueOf(old, name) ?? valueOf(change, name)).toBeDefined()
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('changes nothing with an empty change, and nothing the second time', () => {
    fc.assert(
      fc.property(fragments, fragments, (old, change) => {
        expect(mergeFragments(old, [])).toEqual(old)
        const once = mergeFragments(old, change)
        expect(mergeFragments(once, change)).toEqual(once)
      }),
    )
  })

  it('gives the same as merging two changes one after the other, when neither removes', () => {
    const kept = fragments.map((list) => list.filter(({ value }) => value !== 'null'))
    fc.assert(
      fc.property(fragments, kept, kept, (old, first, second) => {
        const oneByOne = mergeFragments(mergeFragments(old, first), second)
        expect(oneByOne).toEqual(mergeFragments(old, mergeFragments(first, second)))
      }),
    )
  })

  it('keeps a null that the event was created with, and the place of what is replaced', () => {
    const old = [
      { name: 'a', value: 'null' },
      { name: 'b', value: '1' },
      { name: 'c', value: '1' },
    ]
    expect(mergeFragments(old, [{ name: 'b', value: '2' }])).toEqual([
      { name: 'a', value: 'null' },
      { name: 'b', value: '2' },
      { name: 'c', value: '1' },
    ])
  })

  it('replaces an object whole', () => {
    const merged = mergeFragments([{ name: 'a', value: '{"x":1}' }], [{ name: 'a', value: '{}' }])
    expect(merged).toEqual([{ name: 'a', value: '{}' }])
  })

  it('leaves its arguments as they are', () => {
    const old: readonly Fragment[] = Object.freeze([{ name: 'a', value: '1' }])
    const change: readonly Fragment[] = Object.freeze([{ name: 'a', value: 'null' }])
    expect(mergeFragments(old, change)).toEqual([])
    expect(old).toHaveLength(1)
  })
})

describe('encoding fragments', () => {
  it('gives members that are read back the same', () => {
    const list = fc.uniqueArray(
      fc.record({
        name: fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
        value: fc.constantFrom('1.50', '9007199254740993', 'null', '{ "a" : 1 }', '"\\u0061"'),
      }),
      { selector: ({ name }) => name },
    )
    fc.assert(
      fc.property(list, (given) => {
        const reading = readMembers(`{${encodeFragments(given)}}`, 'everywhere')
        expect(reading.ok && toFragments(reading.members)).toEqual(given)
      }),
    )
  })
})

describe('a fragment value', () => {
  it.each([
    ['"a"', 'a', true],
    ['"\\u0061"', 'a', true],
    ['""', '', true],
    ['"1"', '1', true],
    ['1', '1', false],
    ['null', 'null', false],
    ['true', 'true', false],
    ['{"a":1}', '{"a":1}', false],
    ['["a"]', 'a', false],
    ['"A"', 'a', false],
    ['"a "', 'a', false],
    ['"a"', '"a"', false],
    ['"\\"a\\""', '"a"', true],
  ])('of %s is the text %j: %s', (value, text, equal) => {
    expect(isFragmentValue(value, text)).toBe(equal)
  })
})
