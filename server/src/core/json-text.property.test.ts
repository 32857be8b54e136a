import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readElements, readListed, readMembers } from './json-text.ts'

/** Values without `__proto__` and lone surrogates, which are refused, and not too deep. */
const anyValue = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })
const accepted = anyValue.filter((found) => !JSON.stringify(found).includes('"__proto__":'))
const document = fc.dictionary(
  fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
  accepted,
  { noNullPrototype: true },
)

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)

/** The same document with other space and other escapes, token by token. */
const respelled = fc
  .tuple(document, fc.infiniteStream(space), fc.infiniteStream(fc.boolean()))
  .map(([object, spaces, flags]) => {
    const tokens = JSON.stringify(object).match(tokenPattern) ?? []
    const next = (stream: Iterator<string>): string => String(stream.next().value)
    return tokens
      .map((token) => `${next(spaces)}${flags.next().value === true ? escaped(token) : token}`)
      .join('')
  })

const tokenPattern = /"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g

const escaped = (token: string): string => {
  if (!token.startsWith('"')) return token
  const units = Array.from({ length: String(JSON.parse(token)).length }, (_, at) =>
    String(JSON.parse(token)).charCodeAt(at).toString(16).padStart(4, '0'),
  )
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`
}

/** Texts that are nearly JSON: pieces of it in any order. */
const garbage = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...Array.from('{}[],:"\\ue.+-01 \n\u0000'),
        '\ud83d',
        '\ude00',
        'true',
        'null',
        '"a":',
        '\\u00',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''))

/** A document with one character put in, left out or changed. */
const damaged = fc
  .tuple(
    document,
    fc.nat(),
    fc.constantFrom(0, 1),
    fc.constantFrom(...Array.from('{}[],:"\\0e-. x'), ''),
  )
  .map(([object, at, cut, piece]) => {
    const text = JSON.stringify(object)
    const place = at % (text.length + 1)
    return `${text.slice(0, place)}${piece}${text.slice(place + cut)}`
  })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (found: unknown): boolean =>
  typeof found === 'object' && found !== null && !Array.isArray(found)

const documentedRefusal =
  /__proto__|lone surrogate|range of a double|nesting is deeper|occurs twice/

describe('reading members of generated documents', () => {
  it('agrees with JSON.parse on the names and values of every valid document', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          document.map((object) => JSON.stringify(object)),
          respelled,
        ),
        (text) => {
          const reading = readMembers(text, 'everywhere')
          if (!reading.ok) throw new Error(`${reading.problem} at ${reading.offset}`)
          const entries = reading.members.map(
            ({ name, value }) => [name, JSON.parse(value)] as const,
          )
          expect(Object.fromEntries(entries)).toEqual(JSON.parse(text))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('gives spans that stand in the text in order and rebuild it', () => {
    fc.assert(
      fc.property(respelled, (text) => {
        const reading = readMembers(text, 'at-the-top')
        if (!reading.ok) throw new Error(reading.problem)
        let at = 0
        for (const { value: span } of reading.members) {
          const found = text.indexOf(span, at)
          expect(found).toBeGreaterThanOrEqual(at)
          at = found + span.length
          expect(span).toBe(span.trim())
        }
        const rebuilt = `{${reading.members
          .map(({ name, value }) => `${JSON.stringify(name)}:${value}`)
          .join()}}`
        expect(JSON.parse(rebuilt)).toEqual(JSON.parse(text))
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads a list in one pass as it reads each element alone, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(respelled, damaged), { maxLength: 4 }), (elements) => {
        const text = `{"more":[{}] , "list" :[ ${elements.join(' ,')} ]}`
        const alone = elements.map((element) => readMembers(element, 'at-the-top'))
        const all = readMembers(text, 'at-the-top').ok && alone.every(({ ok }) => ok)
        const members = alone.map((reading) => (reading.ok ? reading.members : []))
        expect(readListed(text, 'list', 4)).toEqual(all ? members : undefined)
        if (elements.length > 0) {
          expect(readListed(text, 'list', elements.length - 1)).toBeUndefined()
        }
        expect(readListed(text, 'none', 4)).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  it('never throws and accepts exactly what JSON.parse accepts, but for the documented refusals', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, damaged, fc.string({ unit: 'binary' })), (text) => {
        const reading = readMembers(text, 'at-the-top')
        if (reading.ok) expect(isObject(parsed(text))).toBe(true)
        else if (isObject(parsed(text))) expect(reading.problem).toMatch(documentedRefusal)
        if (reading.ok) return
        expect(reading.problem).not.toBe('')
        expect(reading.offset).toBeGreaterThanOrEqual(0)
        expect(reading.offset).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 20_000 },
    )
  })

  it('accepts exactly the numbers of the grammar that a double can hold', () => {
    const pieces = fc.constantFrom('0', '1', '9', '.', 'e', 'E', '+', '-', '00', '308', '309')
    const grammar = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 7 }), (parts) => {
        const number = parts.join('')
        const right = grammar.test(number) && Number.isFinite(Number(number))
        expect(readMembers(`{"a":${number}}`, 'everywhere').ok).toBe(right)
        expect(readMembers(`{"a":[${number}]}`, 'everywhere').ok).toBe(right)
      }),
      { numRuns: 10_000 },
    )
  })

  it('splits an array into the elements that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.array(accepted), space, (elements, gap) => {
        const text = `[${gap}${elements.map((element) => JSON.stringify(element)).join(`${gap},${gap}`)}${gap}]`
        expect(readElements(text).map((element): unknown => JSON.parse(element))).toEqual(
          JSON.parse(text),
        )
      }),
    )
  })
})
