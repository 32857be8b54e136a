import { describe, expect, it } from 'vitest'
import { decodeReport } from './decode-report.ts'
import { sampleReport, sampleText } from './report-samples.fixture.ts'

/** What is wrong with the fields of a body that is well-formed, as `path message`. */
const problemsOf = (text: string): readonly string[] => {
  const report = decodeReport(text)
  if (!report.ok) throw new Error(`malformed: ${JSON.stringify(report.failure)}`)
  const { fields } = report.value
  if (fields.ok || fields.failure.kind !== 'invalid') return []
  return fields.failure.issues.map(({ path, message }) => `${path} ${message}`)
}

const fieldsOf = (text: string): unknown => {
  const report = decodeReport(text)
  return report.ok && report.value.fields.ok ? report.value.fields.value : undefined
}

const astral = '\u{1f514}'

describe('a report', () => {
  it('is read field by field, its data as the text that was sent', () => {
    expect(decodeReport(sampleText({ data: '{ "v" : 1.50 }', appKey: '"k"' }))).toEqual({
      ok: true,
      value: {
        app: { appId: 'lobby', appKey: 'k' },
        fields: {
          ok: true,
          value: {
            type: 'door-opened',
            text: 'Front door opened',
            severity: '3',
            data: '{ "v" : 1.50 }',
            timeMs: Date.UTC(2026, 1, 1, 9),
          },
        },
      },
    })
  })

  it('lacks every mandatory field at once', () => {
    expect(problemsOf('{}')).toEqual([
      'typeId is required',
      'description is required',
      'appId is required',
      'severity is required',
      'data is required',
      'timestamp is required',
    ])
  })

  it('tells all problems together, unknown fields by name', () => {
    const text = '{"typeId":45,"description":null,"appId":1,"data":[],"severity":"3","colour":1}'
    expect(problemsOf(text)).toEqual([
      'timestamp is required',
      'typeId must be a string',
      'description must be a string',
      'severity must be a number',
      'data must be an object',
      'appId must be a string',
      'colour is not a known field',
    ])
  })

  it('names at most a hundred unknown fields, and counts the rest', () => {
    const extra = Array.from({ length: 102 }, (_, nth) => [`x${nth}`, '1'] as const)
    const problems = problemsOf(sampleText(Object.fromEntries(extra)))
    expect(problems).toHaveLength(101)
    expect(problems.at(-2)).toBe('x99 is not a known field')
    expect(problems.at(-1)).toBe(' 2 more fields are not known')
  })

  it.each([
    ['1', '1'],
    ['5', '5'],
    ['3.0', '3'],
    ['0.3e1', '3'],
    ['30E-1', '3'],
  ])('has the severity %s, which is %s', (literal, severity) => {
    expect(fieldsOf(sampleText({ severity: literal }))).toMatchObject({ severity })
  })

  it.each(['0', '6', '-1', '3.5', '2.9999999999999999999', '3.0000000000000000001', '1e300'])(
    'has no severity %s',
    (severity) => {
      expect(problemsOf(sampleText({ severity }))).toEqual([
        'severity must be an integer from 1 to 5',
      ])
    },
  )

  it.each(['"3"', 'true', 'null', '[3]', '{}'])(
    'has no severity of another kind: %s',
    (severity) => {
      expect(problemsOf(sampleText({ severity }))).toEqual(['severity must be a number'])
    },
  )

  it.each([
    ['0', 0],
    ['-0', 0],
    ['1440014969', 1440014969],
    ['1440014969567.0', 1440014969567],
    ['1.440014969567e12', 1440014969567],
    ['253402300799999', 253402300799999],
  ])('has the timestamp %s', (timestamp, timeMs) => {
    expect(fieldsOf(sampleText({ timestamp }))).toMatchObject({ timeMs })
  })

  it.each(['-1', '253402300800000', '9007199254740993', '1440014969567.5', '1e-999', '1e308'])(
    'has no timestamp %s',
    (timestamp) => {
      expect(problemsOf(sampleText({ timestamp }))).toEqual([
        'timestamp must be an integer from 0 to 253402300799999',
      ])
    },
  )

  it.each(['a', 'x'.repeat(24), astral.repeat(24), 'ü.€/(*)'])('has the type %s', (typeId) => {
    expect(problemsOf(JSON.stringify(sampleReport({ typeId })))).toEqual([])
  })

  it.each([
    '',
    'x'.repeat(25),
    astral.repeat(25),
    'a b',
    'a\tb',
    'a\n',
    '\u00a0a',
    'a\u2003',
    'a\u0085',
    'a\u0000',
    'a\u007f',
  ])('has no type %j', (typeId) => {
    expect(problemsOf(JSON.stringify(sampleReport({ typeId })))).toEqual([
      'typeId must have 1 to 24 characters, none of them white space or a control character',
    ])
  })

  it.each(['', ' \n ', 'x'.repeat(255), astral.repeat(255)])(
    'has a description of up to 255 code points',
    (description) => {
      expect(problemsOf(JSON.stringify(sampleReport({ description })))).toEqual([])
    },
  )

  it.each(['x'.repeat(256), astral.repeat(256)])('has no longer description', (description) => {
    expect(problemsOf(JSON.stringify(sampleReport({ description })))).toEqual([
      'description must have at most 255 characters',
    ])
  })

  it.each(['[]', 'null', '"{}"', '1', 'true'])('has no data %s', (data) => {
    expect(problemsOf(sampleText({ data }))).toEqual(['data must be an object'])
  })
})
