import { describe, expect, it } from 'vitest'
import { readElements, readMembers } from './json-text.ts'
import { bodyMembersMax, jsonDepthMax } from './limits.ts'

const accepts = (text: string): boolean => readMembers(text, 'at-the-top').ok

const problemOf = (text: string, names: 'at-the-top' | 'everywhere' = 'at-the-top'): string => {
  const reading = readMembers(text, names)
  return reading.ok ? 'accepted' : reading.problem
}

const escape = '\\u'

/** Values that RFC 8259 has; each stands as `{"a":<value>}`. */
const rightValues = [
  ...['0', '-0', '0.0', '-0.0', '0e0', '0E+0', '-0e-0', '1', '-1', '10', '1.5', '1e5', '1E+5'],
  ...['1e-400', '-1e-400', '1.7976931348623157e308', '9007199254740993', '0e400', '0e99999999999'],
  ...['""', '"\\""', '"\\\\"', '"\\/\\b\\f\\n\\r\\t"', '"/"', '"\u007f"', '"\u2028\u2029"'],
  ...[`"${escape}0000"`, `"${escape}d83d${escape}de00"`, `"${escape}D83D${escape}DE00"`],
  ...['"\u{1f600}"', '"\u{10ffff}"', '"\ufeff"', '"\uffff"', '"\ufffe"', '"\ue000"', '"\ud7ff"'],
  ...['true', 'false', 'null', '[]', '{}', '[[]]', '[{}]', '{"":{}}', '[1,2,3]', ' [ 1 , 2 ] '],
  ...['\t1\r\n', '{"a":{"a":1}}', '"\\\\\\""', '"\\\\\\\\"'],
]

const wrongValues = [
  ...['', ' ', '+1', '01', '-01', '00', '1.', '-1.', '.5', '-.5', '-', '--1', '1e', '1e+', '1E-'],
  ...['1.e5', '1e5.5', '0x10', '1_000', '1n', 'NaN', 'Infinity', '-Infinity', '-NaN', '1 2'],
  ...['\u0661', '1\u0660', '\uff11', 'True', 'TRUE', 'tru', 'truee', 'nul', 'undefined', 'nulll'],
  ...["'a'", '"', '"a', '"\\', '"\\"', '"\\x41"', '"\\a"', '"\\0"', '"\\U0041"', '"\\\u0000"'],
  ...[`"${escape}"`, `"${escape}0"`, `"${escape}004"`, `"${escape}00g0"`, `"${escape} 041"`],
  ...[`"${escape}+041"`, `"${escape}-041"`, `"${escape}0x41"`, `"${escape}{41}"`],
  ...['"\n"', '"\t"', '"\r"', '"\u0000"', '"\u001f"', '"a\nb"'],
  ...['[', ']', '[1', '[1,', '[1,]', '[,1]', '[,]', '[1,,2]', '[1 2]', '[1}', '[1:2]', '["a":1]'],
  ...['{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,}', '{"a" 1}', '{"a"::1}'],
  ...['{a:1}', "{'a':1}", '{1:1}', '{null:1}', '{"a":1]', '{"a":1 "b":2}', '{"a":1,,"b":2}'],
  ...[
    '{[]:1}',
    '/* */1',
    '1//',
    '1/**/',
    '#1',
    '\u00a01',
    '\u000b1',
    '\u000c1',
    '\u20281',
    '\ufeff1',
  ],
  ...['1,', '1}', '1]', '1,"b"', '1,"b":', '1;', '<a/>'],
]

describe('reading members', () => {
  it('reads as many members as a body may have, and stops at the next', () => {
    const body = (count: number) =>
      `{${Array.from({ length: count }, (_, n) => `"n${n}":1`).join(',')}}`
    expect(readMembers(body(bodyMembersMax), 'at-the-top').ok).toBe(true)
    const refused = readMembers(body(1_000_000), 'at-the-top')
    if (refused.ok) throw new Error('a million members were read')
    expect(refused.problem).toBe(`an object has at most ${bodyMembersMax} members here`)
    expect(refused.offset).toBeLessThan(20 * bodyMembersMax)
    expect(readMembers(`{"in":${body(2 * bodyMembersMax)}}`, 'at-the-top').ok).toBe(true)
  })

  it.each(rightValues)('accepts the value %j as JSON.parse does', (value) => {
    const text = `{"a":${value}}`
    expect(JSON.parse(text)).toBeDefined()
    const reading = readMembers(text, 'everywhere')
    expect(reading.ok && reading.members.map((member) => member.value)).toEqual([value.trim()])
  })

  it.each(wrongValues)('refuses the value %j as JSON.parse does', (value) => {
    const text = `{"a":${value}}`
    expect(() => void JSON.parse(text)).toThrow()
    expect(accepts(text)).toBe(false)
  })

  it.each([
    '',
    ' ',
    '\n',
    '[]',
    '1',
    '"a"',
    'null',
    'true',
    '\ufeff{}',
    '{}{}',
    '{} x',
    '{},',
    '{',
  ])('refuses the document %j', (text) => {
    expect(accepts(text)).toBe(false)
  })

  it('refuses every document that is cut short', () => {
    const text = `{"a":[1.5e+2,true,null,"\\n${escape}d83d${escape}de00x"],"b":{"c":-0,"d":{}} }`
    expect(accepts(text)).toBe(true)
    for (let end = 0; end < text.length; end += 1) {
      expect(accepts(text.slice(0, end)), text.slice(0, end)).toBe(false)
    }
  })

  it('refuses every control character inside a string and accepts it escaped', () => {
    for (let code = 0; code < 0x20; code += 1) {
      expect(accepts(`{"a":"x${String.fromCharCode(code)}"}`)).toBe(false)
      expect(accepts(`{"a":"x${escape}${code.toString(16).padStart(4, '0')}"}`)).toBe(true)
    }
  })

  it('answers each value as it was sent, space and spelling included', () => {
    const text = ' {\n"a" :  1.50 ,"\\u0062":{ "x" : [ 1 ] },\t"c":"\\u00e9" } '
    const reading = readMembers(text, 'at-the-top')
    expect(reading).toEqual({
      ok: true,
      members: [
        { name: 'a', kind: 'number', value: '1.50' },
        {
          name: 'b',
          kind: 'object',
          value: '{ "x" : [ 1 ] }',
        },
        { name: 'c', kind: 'string', value: '"\\u00e9"' },
      ],
    })
  })

  it.each([
    ['{"a":tru}', 5],
    ['{"a":1,}', 7],
    ['{"a":1} x', 8],
    ['{"a":"\ud800"}', 6],
    ['{"a":1,"b":2,"a":3}', 13],
    ['[]', 0],
    ['{"a":1e400}', 5],
  ])('tells the place of the problem in %j', (text, offset) => {
    expect(readMembers(text, 'at-the-top')).toMatchObject({ ok: false, offset })
  })
})

describe('what is refused on top of the grammar', () => {
  const proto = [
    '"__proto__"',
    `"${escape}005f_proto__"`,
    `"__pr${escape}006Fto__"`,
    `"${Array.from('__proto__', (letter) => `${escape}00${letter.charCodeAt(0).toString(16)}`).join('')}"`,
  ]

  it.each(proto)('refuses %s as a name at every level', (name) => {
    for (const text of [`{${name}:1}`, `{"a":{${name}:1}}`, `{"a":[{"b":[{${name}:null}]}]}`]) {
      expect(problemOf(text)).toContain('__proto__')
      expect(problemOf(text, 'everywhere')).toContain('__proto__')
    }
  })

  it('accepts __proto__ as a value, and names that only look like it', () => {
    expect(accepts('{"a":"__proto__","__proto":1,"proto__":2,"__PROTO__":3,"constructor":4}')).toBe(
      true,
    )
    expect(accepts('{"a":{"__prot0__":1,"__proto_\\u005e":1}}')).toBe(true)
  })

  const lone = [
    ...['\ud800', '\udbff', '\udc00', '\udfff', '\ude00\ud83d', '\ud83d\ud83d\ude00', '\ud83dx'],
    ...[`${escape}d800`, `${escape}dfff`, `${escape}DC00`, `${escape}de00${escape}d83d`],
    ...[`${escape}d83dx`, `${escape}d83d\\n`, `${escape}d83d${escape}0041`],
    ...[`${escape}d83d\ude00`, `\ud83d${escape}de00`, `${escape}d83d${escape}d83d${escape}de00`],
  ]

  it.each(lone)('refuses the lone surrogate in %j, in values and names', (inner) => {
    expect(problemOf(`{"a":"${inner}"}`)).toBe('a lone surrogate is not allowed')
    expect(problemOf(`{"${inner}":1}`)).toBe('a lone surrogate is not allowed')
    expect(problemOf(`{"a":[{"${inner}":1}]}`)).toBe('a lone surrogate is not allowed')
  })

  it.each(['1e400', '-1e400', '1e309', '1.8e308', '1e99999999999', '9'.repeat(310)])(
    'refuses %s, which no double can hold',
    (number) => {
      expect(problemOf(`{"a":${number}}`)).toBe('the number is beyond the range of a double')
      expect(problemOf(`{"a":[${number}]}`)).toBe('the number is beyond the range of a double')
    },
  )

  it('accepts long numbers that a double can hold, digits kept', () => {
    const zeros = '0'.repeat(100_000)
    for (const number of [`1.${zeros}1`, `0.${zeros}1`, '9'.repeat(308), `1${zeros}e-100000`]) {
      const reading = readMembers(`{"a":${number}}`, 'everywhere')
      expect(reading.ok && reading.members[0]?.value === number).toBe(true)
    }
    expect(accepts(`{"a":1${zeros}}`)).toBe(false)
  })

  it('counts nesting of objects and arrays alike, up to the bound and no further', () => {
    const arrays = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    const objects = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`
    for (const nested of [arrays, objects]) {
      expect(accepts(nested(jsonDepthMax))).toBe(true)
      expect(problemOf(nested(jsonDepthMax + 1))).toContain('nesting')
      expect(problemOf(nested(100_000))).toContain('nesting')
    }
    expect(accepts(`{"a":[${'[],{},'.repeat(1_000)}1]}`)).toBe(true)
  })

  it('refuses a name that occurs twice, however it is spelled', () => {
    const twice = [
      '"a":1,"a":1',
      '"a":1,"\\u0061":2',
      '"\\/":1,"/":2',
      '"":1,"":2',
      '"é":1,"\\u00e9":2',
    ]
    for (const members of twice) {
      expect(problemOf(`{${members}}`)).toContain('occurs twice')
      expect(problemOf(`{"x":[{${members}}]}`)).toBe('accepted')
      expect(problemOf(`{"x":[{${members}}]}`, 'everywhere')).toContain('occurs twice')
    }
  })

  it('tells names apart that only look alike', () => {
    expect(accepts('{"a":1,"A":2,"a ":3,"\\\\u0061":4,"é":5,"e\u0301":6}')).toBe(true)
  })

  it('finds a repeated name among few and among many', () => {
    for (const count of [1, 15, 16, 17, 18, 40, bodyMembersMax - 1]) {
      const members = Array.from({ length: count }, (_, index) => `"n${index}":${index}`)
      expect(accepts(`{${members.join()}}`)).toBe(true)
      for (const again of [0, count >> 1, count - 1]) {
        const text = `{${members.join()},"n${again}":0}`
        expect(problemOf(text)).toBe(`the name "n${again}" occurs twice`)
      }
    }
  })

  it('tells only the beginning of a long name that occurs twice', () => {
    const name = `a${'\u{1f600}'.repeat(50_000)}`
    const problem = problemOf(`{"${name}":1,"${name}":2}`)
    expect(problem.length).toBeLessThan(250)
    expect(problem).not.toMatch(/\\ud|\p{Surrogate}/u)
  })

  it('takes names of other objects for what they are', () => {
    expect(problemOf('{"a":{"b":1},"b":{"a":1},"c":[{"a":1},{"a":1}]}', 'everywhere')).toBe(
      'accepted',
    )
    expect(problemOf('{"a":{"b":{"c":1},"b":1}}', 'everywhere')).toContain('"b" occurs twice')
  })
})

describe('splitting an array', () => {
  it.each([
    ['[]', []],
    ['[ ]', []],
    ['[1]', ['1']],
    [' [ 1 , [2,3] ,\n{"a":[4]} , "x,]\\"" ]', ['1', '[2,3]', '{"a":[4]}', '"x,]\\""']],
  ])('gives the elements of %j', (text, elements) => {
    expect(readElements(text.trim())).toEqual(elements)
  })
})

describe('a document of the largest size', () => {
  const bytes = 16 * 1024 * 1024
  const fill = (piece: string): string => piece.repeat(Math.floor(bytes / piece.length))
  const documents: readonly (readonly [string, () => string, boolean])[] = [
    ['one string', () => `{"a":"${fill('x')}"}`, true],
    ['one string of escapes', () => `{"a":"${fill('\\\\')}"}`, true],
    ['one string without an end', () => `{"a":"${fill('\\"')}`, false],
    ['escaped quotes', () => `{"a":"${fill('\\"')}"}`, true],
    ['small elements', () => `{"a":[${fill('1,')}1]}`, true],
    ['small objects', () => `{"a":[${fill('{"b":1},')}1]}`, true],
    ['fraction digits', () => `{"a":0.${fill('1')}}`, true],
    ['exponent digits', () => `{"a":1e-${fill('1')}}`, true],
    ['digits', () => `{"a":${fill('1')}}`, false],
    ['space', () => `{${fill(' ')}}`, true],
    ['open brackets', () => `{"a":${fill('[')}`, false],
    ['one long name twice', () => `{"${fill('n').slice(bytes / 2)}":1}`, true],
    ['escaped names', () => `{"a":[${fill('{"\\u0061":1},')}1]}`, true],
  ]

  it.each(documents)('is read in time when it is %s', (_name, text, right) => {
    const document = text()
    const startMs = performance.now()
    expect(readMembers(document, 'everywhere').ok).toBe(right)
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })

  it('is read in time when its names differ only at the end', () => {
    const prefix = 'n'.repeat(500)
    const members = Array.from({ length: 30_000 }, (_, index) => `"${prefix}${index}":1`)
    const startMs = performance.now()
    expect(readMembers(`{"in":{${members.join()}}}`, 'everywhere').ok).toBe(true)
    expect(performance.now() - startMs).toBeLessThan(20_000)
  })
})
