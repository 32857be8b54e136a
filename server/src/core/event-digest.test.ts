import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestEvent } from './event-digest.ts'

const report = [
  { name: 'appId', value: '"app"' },
  { name: 'severity', value: '3' },
  { name: 'data', value: '{"a":1.50,"b":[null,9007199254740993]}' },
]

describe('the digest of an event', () => {
  const digest = (text: string, appId: string, data: string, severity: string) =>
    digestEvent(text, [
      { name: 'appId', value: appId },
      { name: 'data', value: data },
      { name: 'severity', value: severity },
    ])

  it('does not see the order of fragments and names, nor how values are spelled', () => {
    const given = digest('é', '"app"', '{"a":1.50,"b":[1,"x"]}', '3')
    expect(digest('é', '"\\u0061pp"', ' { "b" : [ 1.0 , "\\u0078" ] , "a" : 15e-1 } ', '3.0')).toBe(
      given,
    )
    expect(digestEvent('a', report.toReversed())).toBe(digestEvent('a', report))
  })

  it('sees every difference in text, app, data and severity', () => {
    const all = [
      digest('a', '"p"', '{}', '3'),
      digest('b', '"p"', '{}', '3'),
      digest('a', '"q"', '{}', '3'),
      digest('a', '"p"', '{"a":null}', '3'),
      digest('a', '"p"', '{}', '4'),
      digest('a', '"p"', '{}', '"3"'),
      digest('a', '"p"', '{"a":9007199254740992}', '3'),
      digest('a', '"p"', '{"a":9007199254740993}', '3'),
      digest('a', '"p"', '{"a":[1,2]}', '3'),
      digest('a', '"p"', '{"a":[2,1]}', '3'),
      digest('"', '"p"', '{}', '3'),
      digest('a"\n"p', '""', '{}', '3'),
      digest('a', '"\\n\\"p"', '{}', '3'),
      digest('A', '"p"', '{}', '3'),
      digest('', '"p"', '{}', '3'),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('cannot be made equal by moving text between the fields', () => {
    const field = fc.constantFrom('a', '"', '\n', '\\', '"\n"', 'a"\n"a', '', '\\n', 'a\n')
    fc.assert(
      fc.property(field, field, field, field, (text, app, otherText, otherApp) => {
        const left = digest(text, JSON.stringify(app), '{}', '1')
        const right = digest(otherText, JSON.stringify(otherApp), '{}', '1')
        expect(left === right).toBe(text === otherText && app === otherApp)
      }),
    )
  })

  it('never changes, because it is kept with events for ever', () => {
    const canonical = '"Door open"\n"app-1"\n{"a":[true,null],"n":15e-1}\n3e0'
    expect(digest('Door open', '"app-1"', '{"n":1.50,"a":[true,null]}', '3')).toBe(
      createHash('sha256').update(canonical).digest('base64url'),
    )
  })
})
