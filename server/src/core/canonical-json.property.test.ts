import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, canonicalNumber } from './canonical-json.ts'
import { readMembers } from './json-text.ts'

type Json = null | boolean | string | DecimalNumber | readonly Json[] | JsonObject
type DecimalNumber = { readonly kind: 'number'; readonly digits: bigint; readonly exponent: number }
type JsonObject = {
  readonly kind: 'object'
  readonly members: readonly (readonly [string, Json])[]
}

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: -40, max: 40 }))
  .map(([digits, exponent]): DecimalNumber => ({ kind: 'number', digits, exponent }))

const tree = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'binary' }),
    decimal,
    fc.array(tie('json'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), tie('json')), {
        maxLength: 4,
        selector: ([name]) => name,
      })
      .map((members): JsonObject => ({ kind: 'object', members })),
  ),
})).json

/** Choices that decide how a value is spelled; the value stays. */
type Choose = (below: number) => number

const spell = (value: Json, choose: Choose): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return spellString(value, choose)
  if ('members' in value) return spellObject(value, choose)
  if ('digits' in value) return spellNumber(value, choose)
  const gap = ['', ' ', '\n\t'][choose(3)] ?? ''
  return `[${gap}${value.map((element) => spell(element, choose)).join(`${gap},`)}${gap}]`
}

const spellString = (value: string, choose: Choose): string => {
  if (choose(2) === 0) return JSON.stringify(value)
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at))
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
}

const spellObject = (value: JsonObject, choose: Choose): string => {
  const members = value.members.map(
    ([name, member]) => `${spellString(name, choose)} : ${spell(member, choose)}`,
  )
  const from = members.length === 0 ? 0 : choose(members.length)
  const turned = [...members.slice(from), ...members.slice(0, from)]
  return `{${(choose(2) === 0 ? turned : turned.reverse()).join(' ,')}}`
}

const spellNumber = ({ digits, exponent }: DecimalNumber, choose: Choose): string => {
  const zeros = choose(4)
  const padded = digits * 10n ** BigInt(zeros)
  const mark = ['e', 'E', 'e+'][choose(3)] ?? 'e'
  const moved = exponent - zeros
  const power = moved < 0 ? `${mark.charAt(0)}${moved}` : `${mark}${'0'.repeat(choose(3))}${moved}`
  const shift = choose(6)
  const text = String(padded < 0n ? -padded : padded).padStart(shift + 1, '0')
  const sign = padded < 0n ? '-' : ''
  if (shift === 0) return `${sign}${text}${power}`
  const split = text.length - shift
  return `${sign}${text.slice(0, split)}.${text.slice(split)}e${moved + shift}`
}

const choices = fc.infiniteStream(fc.nat()).map((stream): Choose => (below) => {
  const next = stream.next()
  return next.done === true ? 0 : next.value % below
})

describe('canonical text of generated values', () => {
  it('is the same for every spelling of a value', () => {
    fc.assert(
      fc.property(tree, choices, choices, (value, first, second) => {
        const canonical = canonicalJson(spell(value, first))
        expect(canonicalJson(spell(value, second))).toBe(canonical)
      }),
      { numRuns: 3_000 },
    )
  })

  it('is a document of the same value, so that different values never share it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(canonicalJson(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is canonical itself', () => {
    fc.assert(
      fc.property(tree, choices, (value, choose) => {
        const canonical = canonicalJson(spell(value, choose))
        expect(canonicalJson(canonical)).toBe(canonical)
      }),
    )
  })

  it('tells two numbers apart exactly when their decimal values differ', () => {
    const close = fc.tuple(fc.bigInt({ min: -20n, max: 20n }), fc.integer({ min: -2, max: 2 }))
    fc.assert(
      fc.property(close, close, choices, (left, right, choose) => {
        const number = ([digits, exponent]: readonly [bigint, number]) =>
          canonicalNumber(spellNumber({ kind: 'number', digits, exponent }, choose))
        const scaled = ([digits, exponent]: readonly [bigint, number]) =>
          digits * 10n ** BigInt(exponent + 2)
        expect(number(left) === number(right)).toBe(scaled(left) === scaled(right))
      }),
      { numRuns: 5_000 },
    )
  })

  it('adds to exponents of any length as whole numbers do', () => {
    const size = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 40n }),
      fc
        .tuple(fc.integer({ min: 14, max: 34 }), fc.bigInt({ min: -12n, max: 12n }))
        .map(([power, near]) => 10n ** BigInt(power) + near),
    )
    fc.assert(
      fc.property(size, fc.boolean(), fc.nat(12), fc.nat(12), (exponent, negative, left, right) => {
        const signed = negative ? -exponent : exponent
        const literal = `1${'0'.repeat(left)}.${'0'.repeat(right)}${right > 0 ? '' : '0'}e${signed}`
        expect(canonicalNumber(literal)).toBe(`1e${signed + BigInt(left)}`)
        const small = `0.${'0'.repeat(right)}1e${signed}`
        expect(canonicalNumber(small)).toBe(`1e${signed - BigInt(right + 1)}`)
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes every value that the reader has let through', () => {
    fc.assert(
      fc.property(tree, choices, (value, choose) => {
        const reading = readMembers(`{"a":${spell(value, choose)}}`, 'everywhere')
        if (!reading.ok) return
        expect(canonicalJson(reading.members[0]?.value ?? '')).not.toBe('')
      }),
    )
  })
})
