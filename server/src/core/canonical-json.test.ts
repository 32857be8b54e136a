import { describe, expect, it } from 'vitest'
import { canonicalJson, canonicalNumber } from './canonical-json.ts'

describe('a canonical number', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['-0e5', '0'],
    ['0e99999999999999999999', '0'],
    ['1', '1e0'],
    ['-1', '-1e0'],
    ['1.0', '1e0'],
    ['10', '1e1'],
    ['100e-2', '1e0'],
    ['0.10', '1e-1'],
    ['1.50', '15e-1'],
    ['15e-1', '15e-1'],
    ['150E-002', '15e-1'],
    ['-0.00120', '-12e-4'],
    ['10.01', '1001e-2'],
    ['9007199254740992', '9007199254740992e0'],
    ['9007199254740993', '9007199254740993e0'],
    ['1e-400', '1e-400'],
    ['1e-999999999999999', '1e-999999999999999'],
    ['10e-1000000000000000', '1e-999999999999999'],
    ['0.1e-999999999999999', '1e-1000000000000000'],
    ['0.1e-9999999999999999999999', '1e-10000000000000000000000'],
    ['1e-0000000000000000000000000000005', '1e-5'],
  ])('of %s is %s', (literal, canonical) => {
    expect(canonicalNumber(literal)).toBe(canonical)
  })
})

describe('canonical text', () => {
  it.each([
    [' { "b" : 1 , "a" : [ 1.0 , true , null , "x" ] } ', '{"a":[1e0,true,null,"x"],"b":1e0}'],
    ['{}', '{}'],
    ['[ ]', '[]'],
    ['[[],{},[{}]]', '[[],{},[{}]]'],
    ['"\\u0061\\/\\u000a"', '"a/\\n"'],
    ['"\\\\\\""', '"\\\\\\""'],
    ['{"\\u0061":1}', '{"a":1e0}'],
    ['{"a ":1,"a":2,"":3,"a!":4}', '{"":3e0,"a ":1e0,"a!":4e0,"a":2e0}'],
    ['{"10":1,"9":2}', '{"10":1e0,"9":2e0}'],
    ['"}],{["', '"}],{["'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalJson(text)).toBe(canonical)
  })

  it.each([
    ['"1"', '1'],
    ['null', '"null"'],
    ['[]', '{}'],
    ['[1,2]', '[2,1]'],
    ['[[1],2]', '[1,[2]]'],
    ['{"a":{"b":1}}', '{"a":{},"b":1}'],
    ['"é"', '"e\\u0301"'],
    ['[""]', '[]'],
    ['{"a":null}', '{}'],
  ])('differs for %s and %s', (left, right) => {
    expect(canonicalJson(left)).not.toBe(canonicalJson(right))
  })

  const million = 1_000_000
  it.each([
    ['exponent digits', () => `1e-${'1'.repeat(48 * million)}`],
    ['exponent zeros', () => `1e-${'0'.repeat(16 * million)}`],
    ['a borrow through all digits', () => `0.1e-1${'0'.repeat(16 * million)}`],
    ['fraction digits', () => `0.${'1'.repeat(16 * million)}`],
    ['zeros in the middle', () => `0.1${'0'.repeat(16 * million)}1`],
    ['zeros at the end', () => `0.1${'0'.repeat(16 * million)}`],
    ['escapes', () => `"${'\\\\'.repeat(8 * million)}"`],
    ['one long string inside many arrays', () => nested(60, `"${'x'.repeat(16 * million)}"`)],
    ['many numbers inside many arrays', () => nested(60, `[${'1,'.repeat(million)}1]`)],
    ['many objects', () => `[${'{"b":1,"a":2},'.repeat(million / 4)}1]`],
  ])('is made in time for %s', (_name, text) => {
    const document = text()
    const startMs = performance.now()
    expect(canonicalJson(document).length).toBeGreaterThan(0)
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })
})

const nested = (depth: number, inner: string): string =>
  `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`
